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
