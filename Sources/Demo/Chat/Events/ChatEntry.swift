/// One line of the chat's ledger, with all of these members; only friend requests have lines.
///
/// * `time`: the event's own time, milliseconds since 1970; the event itself has microseconds.
/// * `pair`: who asks whom, `<requester>-<addressee>`. One that was refused or took the request back may ask again.
/// * `round`: the pair's requests so far, this one included.
/// * `friendshipId`: the id of this request, as text, also where the event itself says 0.
/// * `event`: the event's type; null for a message in a dead letter topic.
/// * `business`: how the request stands from then on: `open`, `accepted`, `rejected`, `cancelled`, or `parked` (a reader failed at it
///   and put it aside).
/// * `error`: why it was put aside; null without a reason.
/// * `duplicate`: true when the same event had been sent before.
/// * `topic`, `partition`, `offset`: where it lies in Kafka.
struct ChatEntry {
  enum Business: String {
    case open, accepted, rejected, cancelled, parked
  }

  let request: FriendRequest
  let event: String?
  let business: Business
  var error: String?
  var time: Int64 = 0
  var isDuplicate = false

  func line(topic: ChatTopic, _ delivery: Delivery) -> JSON {
    .members([
      "time": .number(String(time)), "pair": .string(request.pair), "round": .integer(request.round),
      "friendshipId": .string(String(request.friendshipId)), "event": .optional(event),
      "business": .string(business.rawValue), "error": .optional(error), "duplicate": .bool(isDuplicate),
      "topic": .string(topic.rawValue), "partition": .number(String(delivery.partition)),
      "offset": .number(String(delivery.offset)),
    ])
  }
}
