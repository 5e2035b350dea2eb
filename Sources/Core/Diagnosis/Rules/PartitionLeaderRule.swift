/// A partition that the saga's next event would come through cannot be read or written.
enum PartitionLeaderRule {
  static func causes(_ situation: Situation) -> [Cause] {
    guard situation.isActive else { return [] }
    return situation.sources.filter { $0.carriesEvents && !$0.missing.isEmpty }.map { cause($0, situation) }
  }

  private static func cause(_ source: SourceStatus, _ situation: Situation) -> Cause {
    let own = situation.input.flatMap { input in
      source.missing.first { $0.topic == input.topic && $0.partition == input.partition }
    }
    let leaders = Set(source.missing.map(\.leader))
    let sentence = sentence(of: own, leader: leaders.count == 1 ? source.missing[0].leader : own?.leader)
    return Cause(
      .partitionLeaderless, sentence,
      [situation.evidence(text(source), source: source.name, readAt: source.lastSuccess)],
      strength: own == nil ? 45 : 93, suggestion: "bring the broker back that leads it")
  }

  private static func sentence(of own: SourceStatus.MissingPartition?, leader: String?) -> String {
    switch (own, leader) {
    case (nil, nil): "some partitions have no leader"
    case (nil, let leader?): "\(leader), which leads some partitions, does not answer"
    case (_, nil): "the partition with the saga's message has no leader"
    case (_, let leader?): "\(leader), which leads the partition with the saga's message, does not answer"
    }
  }

  private static func text(_ source: SourceStatus) -> String {
    source.error ?? "\(source.missing.count) partitions cannot be read"
  }
}
