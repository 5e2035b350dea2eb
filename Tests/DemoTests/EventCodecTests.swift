import Testing

@testable import Demo

@Suite("Events with a schema")
struct EventCodecTests {
  private static func event(_ topic: Topic) -> JSON {
    .object([
      .init(name: "orderId", value: .integer(1001)), .init(name: "timestamp", value: .integer(1_769_508_000_123)),
      .init(name: "productId", value: .integer(3)), .init(name: "quantity", value: .integer(-2)),
      .init(name: "userId", value: .integer(77)), .init(name: "unitPrice", value: .won(12_000)),
      .init(name: "totalPrice", value: .won(24_000)), .init(name: "productName", value: .string("책상")),
      .init(name: "reason", value: .string("card declined")), .init(name: "paymentId", value: .integer(401_001)),
      .init(name: "amount", value: .won(24_000)), .init(name: "deliveryId", value: .integer(701_001)),
      .init(name: "channel", value: .string("APP")),
    ])
  }

  @Test("both versions are written and read back", arguments: Topic.allCases, [1, 2])
  func roundTrip(topic: Topic, version: Int) throws {
    let schema = EventSchema(topic: topic, version: version)
    let event = Self.event(topic)
    let read = try #require(EventCodec(schema: schema).decode(EventCodec(schema: schema).encode(event)[...]))
    for field in schema.fields { #expect(read[field.name] == event[field.name], "\(field.name)") }
  }

  @Test("with the other version's schema an event cannot be read, or differs", arguments: Topic.allCases)
  func otherVersion(topic: Topic) {
    let (first, second) = (EventSchema(topic: topic, version: 1), EventSchema(topic: topic, version: 2))
    guard first.language == .avro else { return }
    let bytes = EventCodec(schema: second).encode(Self.event(topic))
    #expect(EventCodec(schema: first).decode(bytes[...])?["orderId"] != .integer(1001))
  }
}
