/// One line of the chat's ledger, with all of these members; only friend requests have lines.
///
/// * `time`: the event's own time, milliseconds since 1970; the event itself has microseconds.
/// * `friendshipId`: whose it is, as text.
/// * `event`: the event's type by its class's name; null for a message in a dead letter topic.
/// * `step`, `effect`: what it did to `request` or `answer`: `completed`, `failed`; `none` where it only ended the flow.
/// * `status`: the flow's status from then on.
/// * `error`: why it failed; null without a reason.
/// * `duplicate`: true when the same event had been sent before.
/// * `topic`, `partition`, `offset`: where it lies in Kafka.
struct ChatEntry {
  let friendshipId: Int
  let event: String?
  let step: String
  let effect: String
  let status: String
  var error: String?
  var time: Int64 = 0
  var isDuplicate = false

  func line(topic: ChatTopic, _ delivery: Delivery) -> JSON {
    .members([
      "time": .number(String(time)), "friendshipId": .string(String(friendshipId)), "event": .optional(event),
      "step": .string(step), "effect": .string(effect), "status": .string(status), "error": .optional(error),
      "duplicate": .bool(isDuplicate), "topic": .string(topic.rawValue),
      "partition": .number(String(delivery.partition)), "offset": .number(String(delivery.offset)),
    ])
  }
}
