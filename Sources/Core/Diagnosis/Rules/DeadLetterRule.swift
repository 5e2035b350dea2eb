import Text

/// A message of the saga was parked because nobody could handle it.
enum DeadLetterRule {
  static func causes(_ situation: Situation) -> [Cause] {
    guard situation.trouble != .none, situation.row.status != .completed else { return [] }
    let own = situation.saga.events.last { DeadLetterTopic.isName($0.topic) }.map { ($0.topic, $0.time, $0.error) }
    let unread = situation.unreadable.last { message in
      DeadLetterTopic.isName(message.topic) && situation.saga.ids.contains { $0.value == message.key }
    }.map { ($0.topic, $0.time, Optional($0.reason)) }
    guard let (topic, time, reason) = own ?? unread else { return [] }
    let age = Quantity.age(situation.now - time)
    return [
      Cause(
        .deadLetter, "a message of the saga was parked in \(topic)",
        [Evidence("\(age) ago\(reason.map { ": \($0)" } ?? "")", source: "events")], strength: 93,
        suggestion: "mend what could not handle it, then publish it again")
    ]
  }
}
