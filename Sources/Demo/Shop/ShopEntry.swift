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

/// How the shop's events are written on their topics: as JSON, or by the schemas of a registry.
final class ShopFormat {
  /// From then on, in milliseconds since the shop opened, the later version of each schema is written.
  static let evolution = 3000

  /// `nil` for JSON.
  let book: SchemaBook?

  init(_ book: SchemaBook? = nil) { self.book = book }

  /// What is published of an event that happens at `time`, in milliseconds since 1970.
  func value(of event: ShopEvent, at time: Int64, elapsed: Int) -> [UInt8] {
    guard let book else { return Array(event.body.text.utf8) }
    let schema = EventSchema(topic: event.topic, version: elapsed < Self.evolution ? 1 : 2)
    let id = UInt32(clamping: book.id(of: event.topic, version: schema.version))
    let more = [
      JSON.Member(name: "timestamp", value: .integer(Int(time))),
      JSON.Member(name: "channel", value: .string(EventSchema.channels[event.orderId % 2 == 0 ? 0 : 1])),
    ]
    guard case .object(let members) = event.body else { return [] }
    let frame = [0] + stride(from: UInt32(24), through: 0, by: -8).map { UInt8(truncatingIfNeeded: id >> $0) }
    // The event is the second message of a Protobuf file: one index, which is 1, in zigzag encoding.
    let indexes: [UInt8] = schema.language == .protobuf ? [2, 2] : []
    return frame + indexes + EventCodec(schema: schema).encode(.object(members + more))
  }

  /// `nil` for what is no event. Operators publish JSON on all topics.
  func body(of message: KafkaMessage) -> JSON? {
    guard let book, message.value.count > 5, message.value[0] == 0 else { return JSONParser.parse(message.value) }
    let id = message.value[1..<5].reduce(0) { $0 << 8 | Int($1) }
    guard let schema = book.schema(id) else { return nil }
    let skipped = schema.language == .protobuf ? 7 : 5
    return EventCodec(schema: schema).decode(message.value.dropFirst(skipped))
  }
}
