/// The group has members, but its commits do not move.
enum GroupStalledRule {
  static func causes(_ situation: Situation) -> [Cause] {
    guard situation.isActive, let group = situation.group else { return [] }
    // Where the saga's own partition is known, only that one counts.
    let verdict = group.partition?.verdict ?? group.row.verdict
    guard verdict == .stalled || verdict == .stopped else { return [] }
    let reason = group.partition.map { "\($0.topic)/\($0.partition): \($0.reason)" } ?? group.row.reason
    var cause = Cause(
      .groupStalled, "group \(group.row.name) is \(verdict.rawValue)",
      [situation.evidence(reason, source: "lag", readAt: group.readAt)], strength: 80,
      suggestion: "look at what \(group.row.name) does with its first unread message",
      subject: .group(group.row.name), effect: group.standstill)
    if situation.isInputRead == true { cause.weaken(by: 55, Evidence.read(group)) }
    return [cause]
  }
}

extension Situation.Group {
  /// "inventory-service stands at order-created/2".
  var standstill: String { "\(row.name) stands" + (partition.map { " at \($0.topic)/\($0.partition)" } ?? "") }
}
