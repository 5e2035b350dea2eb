/// One line of the nest's ledger, with all of these members:
///
/// * `time`: the event's own time, milliseconds since 1970; the same as its Kafka timestamp.
/// * `sagaId`, `correlationId`, `orderId`: whose it is; the saga's is null before it began.
/// * `event`: the event's type; null for what no event tells.
/// * `node`: who did it.
/// * `step`, `effect`: what it did to which step: `started` (the saga), `completed`, `failed`, `compensated`,
///   `compensationFailed`; without an event `stalled` (nobody goes on), `retried`, and `action` (an operator's call).
/// * `error`: why it failed; null without a reason.
/// * `business`: how the customer's order stands from then on: `open`, `confirmed`, `declined` (payment refused, order cancelled),
///   `undone` (rolled back) or `stranded` (the roll-back failed, a person has to see to it). The coordinator's events contradict it
///   where it completes a saga that it has rolled back. Null without an event.
/// * `attempt`: the saga's attempts at going forward so far.
/// * `action`, `key`, `outcome`: of an operator's call, else null: `retry` or `compensate`, its idempotency key, and
///   `accepted`, `repeated` (the key was known: nothing was done again), `refused` or `unavailable`.
/// * `duplicate`: true when the same event had been sent before.
/// * `topic`, `partition`, `offset`: where it lies in Kafka; null without an event.
///
/// A line is written when the broker has the event.
struct NestEntry {
  struct Action {
    let kind: OperatorAction
    let key: String?
    let outcome: String
  }

  let time: Int64
  let order: NestOrder?
  let sagaId: String?
  let node: String?
  let attempt: Int
  var event: String?
  var step: String?
  var effect: String?
  var error: String?
  var business: NestEvent.Business?
  var action: Action?
  var isDuplicate = false
  var topic: String?
  var delivery: Delivery?

  var line: JSON {
    .members([
      "time": .number(String(time)), "sagaId": .optional(sagaId), "correlationId": .optional(order?.correlationId),
      "orderId": .optional(order?.id), "event": .optional(event), "node": .optional(node), "step": .optional(step),
      "effect": .optional(effect), "error": .optional(error),
      "business": .optional(business?.rawValue), "attempt": .integer(attempt),
      "action": .optional(action?.kind.rawValue), "key": .optional(action?.key),
      "outcome": .optional(action?.outcome), "duplicate": .bool(isDuplicate), "topic": .optional(topic),
      "partition": delivery.map { .number(String($0.partition)) } ?? .null,
      "offset": delivery.map { .number(String($0.offset)) } ?? .null,
    ])
  }
}
