/// Nobody reads the messages that the step waits for.
enum GroupEmptyRule {
  static func causes(_ situation: Situation) -> [Cause] {
    guard situation.isActive, let group = situation.group, isEmpty(group.row) else { return [] }
    var cause = Cause(
      .groupEmpty, "group \(group.row.name) has no members",
      [
        situation.evidence(
          "\(LagPhrase.waiting(group.row.lag, group.row.lagTime)), and nobody reads", source: "lag",
          readAt: group.readAt)
      ],
      strength: 90, suggestion: "start what reads as \(group.row.name)", subject: .group(group.row.name),
      effect: "nobody reads as \(group.row.name)")
    if situation.isInputRead == true { cause.weaken(by: 55, Evidence.read(group)) }
    return [cause]
  }

  /// A group that never committed may never have been, and one whose commits come from no member needs none.
  private static func isEmpty(_ row: GroupRow) -> Bool {
    row.verdict == .empty || (row.members == 0 && row.verdict != .none && !row.commitsWithoutMembers)
  }
}

extension Evidence {
  static func read(_ group: Situation.Group) -> Evidence {
    Evidence(
      "yet the saga's own message was read", source: "lag", readAt: group.readAt, weight: .contradicts)
  }
}
