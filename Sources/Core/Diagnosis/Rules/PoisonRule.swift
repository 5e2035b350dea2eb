import Text

/// The group does not get past a message, and the saga's own lies behind it. A group that stands everywhere stands for another reason.
enum PoisonRule {
  static func causes(_ situation: Situation) -> [Cause] {
    guard situation.isActive, let group = situation.group, let partition = group.partition,
      let committed = partition.committed, let input = situation.input, situation.isInputRead == false,
      group.others != .stand
    else { return [] }
    if let message = situation.unreadable.first(where: {
      $0.topic == partition.topic && $0.partition == partition.partition && $0.offset == committed
    }) {
      return [blocked(by: message, group, behind: input.offset &- committed, situation)]
    }
    guard partition.verdict == .stalled || partition.verdict == .stopped, committed == input.offset,
      group.others == .move
    else { return [] }
    return [ownMessage(group, partition, situation)]
  }

  private static func blocked(
    by message: Situation.Unreadable, _ group: Situation.Group, behind: Int64, _ situation: Situation
  ) -> Cause {
    let place = "\(message.topic)/\(message.partition)@\(message.offset)"
    let age = situation.now - message.time
    return Cause(
      .poisonMessage, "group \(group.row.name) does not get past a message that cannot be read",
      [
        situation.evidence(
          "it stands at \(place), \(Quantity.age(age)) old: \(message.reason)", source: "lag", readAt: group.readAt),
        Evidence("the saga's message lies \(Quantity.grouped(Int(behind))) behind it", source: "events"),
      ],
      strength: age > .seconds(2) ? 94 : 60,
      suggestion: "park \(place) in a dead-letter topic, or let \(group.row.name) pass over it",
      subject: .group(group.row.name))
  }

  private static func ownMessage(
    _ group: Situation.Group, _ partition: GroupPartitionRow, _ situation: Situation
  ) -> Cause {
    Cause(
      .poisonMessage, "group \(group.row.name) does not get past the saga's own message",
      [situation.evidence(partition.reason, source: "lag", readAt: group.readAt)], strength: 86,
      suggestion: "look at what \(group.row.name) says of this message", subject: .group(group.row.name),
      effect: group.standstill)
  }
}
