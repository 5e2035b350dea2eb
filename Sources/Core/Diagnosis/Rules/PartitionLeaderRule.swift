/// A partition that the saga's next event would come through cannot be read or written.
enum PartitionLeaderRule {
  static func causes(_ situation: Situation) -> [Cause] {
    guard situation.isActive else { return [] }
    return situation.sources.compactMap { source in
      guard source.carriesEvents, source.phase == .degraded, let error = source.error,
        error.contains("no broker leads") || error.contains("does not answer for")
      else { return nil }
      let names = (situation.input.map { ["\($0.topic)[\($0.partition)]"] } ?? [])
      let isOwn = names.contains { error.contains($0) }
      return Cause(
        .partitionLeaderless,
        isOwn ? "the partition with the saga's message has no leader" : "some partitions have no leader",
        [situation.evidence(error, source: source.name, readAt: source.lastSuccess)], strength: isOwn ? 93 : 45,
        suggestion: "bring the broker back that leads it")
    }
  }
}
