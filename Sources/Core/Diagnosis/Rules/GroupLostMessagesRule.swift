/// Messages were gone before the group read them.
enum GroupLostMessagesRule {
  static func causes(_ situation: Situation) -> [Cause] {
    guard situation.isActive, let group = situation.group else { return [] }
    let verdict = group.partition?.verdict ?? group.row.verdict
    guard verdict == .truncated || verdict == .recreated else { return [] }
    let isOwn = situation.input.map { input in group.partition?.start.map { $0 > input.offset } ?? false } ?? false
    var evidence = [
      situation.evidence(group.partition?.reason ?? group.row.reason, source: "lag", readAt: group.readAt)
    ]
    if isOwn { evidence.append(Evidence("the saga's own message is among them", source: "events")) }
    return [
      Cause(
        .groupLostMessages, "group \(group.row.name) lost messages", evidence, strength: isOwn ? 92 : 50,
        suggestion: "publish the saga's message again", subject: .group(group.row.name))
    ]
  }
}
