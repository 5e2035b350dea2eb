/// One line of the shop's ledger. It is written after the broker has acknowledged the event. All members:
///
/// * `time`: the event's own time, milliseconds since 1970; the same as its Kafka timestamp.
/// * `orderId`: null for an invalid message.
/// * `event`: the event type, which is also the topic name; null if the line is not about a service's event.
/// * `service`, `node`: the instance that did the work.
/// * `step`: `order`, `inventory`, `payment` or `delivery`.
/// * `effect`: the effect on the step: `started`, `completed`, `failed`, `compensated`; `stalled` for a step that failed without an event
///   and waits for a retry; `attempted` for each call of the payment gateway; `poison` for an invalid message. For an operator request:
///   `requested` by each service that accepted it, `repeated` if its key was known, so that no work was done.
/// * `attempt`: number of the gateway call, from 1; null otherwise.
/// * `key`: the idempotency key of the request; null otherwise.
/// * `error`: the event's reason; null without one.
/// * `duplicate`: true if the same event was sent before.
/// * `topic`, `partition`, `offset`: the position of the event or request in Kafka; null without one.
///
/// An order is completed after `delivery-completed`. It is compensated after `order-cancelled`, and also after `inventory-released` if
/// there was an `inventory-reserved`.
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

/// The format of the shop's events: JSON, or the schemas of a registry.
final class ShopFormat {
  /// Milliseconds after opening from which version 2 of each schema is written.
  static let evolution = 3000

  /// `nil` for JSON.
  let book: SchemaBook?

  init(_ book: SchemaBook? = nil) { self.book = book }

  /// The published bytes of an event. `time` is in milliseconds since 1970.
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
    // The event is the second message of the Protobuf file: an index array of length 1 with index 1, both in zigzag encoding.
    let indexes: [UInt8] = schema.language == .protobuf ? [2, 2] : []
    return frame + indexes + EventCodec(schema: schema).encode(.object(members + more))
  }

  /// `nil` if the message is no event. Operators publish JSON on all topics.
  func body(of message: KafkaMessage) -> JSON? {
    guard let book, message.value.count > 5, message.value[0] == 0 else { return JSONParser.parse(message.value) }
    let id = message.value[1..<5].reduce(0) { $0 << 8 | Int($1) }
    guard let schema = book.schema(id) else { return nil }
    let skipped = schema.language == .protobuf ? 7 : 5
    return EventCodec(schema: schema).decode(message.value.dropFirst(skipped))
  }
}
