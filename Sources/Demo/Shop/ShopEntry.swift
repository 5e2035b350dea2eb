/// One line of the shop's ledger, with all of these members:
///
/// * `time`: the event's own time, milliseconds since 1970; the same as its Kafka timestamp.
/// * `orderId`: null for a message that is no event.
/// * `event`: the event's type, which is its topic's name too; null for what is told without an event of a service.
/// * `service`, `node`: who did it.
/// * `step`: `order`, `inventory`, `payment` or `delivery`.
/// * `effect`: what it did to the step: `started`, `completed`, `failed`, `compensated`; `stalled` for a step that
///   failed without an event and waits for a retry; `attempted` for each call to the payment gateway; `poison` for a
///   message that is no event. Of an operator's request: `requested` by each service that took it to work, `repeated`
///   where its key was known, so that nothing was done.
/// * `attempt`: which call to the gateway it was, from 1; null for all else.
/// * `key`: the request's idempotency key; null for all else.
/// * `error`: the event's reason; null without one.
/// * `duplicate`: true when the same event had been sent before.
/// * `topic`, `partition`, `offset`: where the event or the request lies in Kafka; null without one.
///
/// A line is written when the broker has the event. An order is completed once `delivery-completed` is there,
/// compensated once `order-cancelled` is, and `inventory-released` too if `inventory-reserved` was.
struct ShopEntry {
  let time: Int64
  let orderId: Int?
  let event: String?
  let service: Service
  let node: String
  let step: String
  let effect: String
  var error: String?
  var attempt: Int?
  var key: String?
  var isDuplicate = false
  var topic: String?
  var delivery: Delivery?

  var line: JSON {
    .members([
      "time": .number(String(time)), "orderId": orderId.map(JSON.integer) ?? .null, "event": .optional(event),
      "service": .string(service.rawValue), "node": .string(node), "step": .string(step), "effect": .string(effect),
      "error": .optional(error), "attempt": attempt.map(JSON.integer) ?? .null, "key": .optional(key),
      "duplicate": .bool(isDuplicate), "topic": .optional(topic),
      "partition": delivery.map { .number(String($0.partition)) } ?? .null,
      "offset": delivery.map { .number(String($0.offset)) } ?? .null,
    ])
  }
}
