import Collectors
import Core
import Text

/// Decodes the same events in JSON, Avro and Protobuf, in memory on one thread.
struct SchemasBench {
  private static let count = 200_000
  private static let names = ["eventId", "eventType", "timestamp", "productName", "currency", "customer"]
  private static let numbers = ["orderId", "userId", "productId", "quantity"]

  func run(_ budgets: Budgets) throws {
    print("decode by schemas, \(Self.count) events, one thread")
    let json = try rate(Self.bodies { Array(Self.json($0, $1).utf8) }, SchemaSettings())
    let avro = try rate(Self.bodies(Self.avro), Self.settings("event.avsc", Self.avroSchema))
    let protobuf = try rate(Self.bodies(Self.protobuf), Self.settings("event.proto", Self.protobufSchema))
    for (name, rate) in [("JSON", json), ("Avro", avro), ("Protobuf", protobuf)] {
      let share = (rate.perSecond / json.perSecond * 1000).rounded() / 10
      print("  \(name): \(Int(rate.perSecond)) events/s, \(share) % of JSON's")
    }
    for (name, rate) in [("Avro", avro), ("Protobuf", protobuf)] {
      budgets.add(
        "decode \(name), of JSON's rate", rate.perSecond / json.perSecond * 100, .atLeast(25), unit: " %",
        ratio: "\(Int(rate.perSecond)) events/s", by: "schemas")
    }
  }

  private static func settings(_ path: String, _ schema: String) throws -> SchemaSettings {
    SchemaSettings(files: [.init(topics: try NamePattern("*"), path: path, bytes: Array(schema.utf8))])
  }

  private func rate(_ bodies: [[UInt8]], _ settings: SchemaSettings) throws -> Rate {
    var decoded = 0
    let rate = Rate.best(of: 5, by: .thread) {
      decoded = decode(bodies, settings); return bodies.count
    }
    guard decoded == bodies.count else { throw Failure(text: "\(decoded) of \(bodies.count) events were decoded") }
    return rate
  }

  struct Failure: Error, CustomStringConvertible {
    var text: String
    var description: String { text }
  }

  /// Returns the number of decoded events.
  private func decode(_ bodies: [[UInt8]], _ settings: SchemaSettings) -> Int {
    let symbols = SymbolTable()
    var decoder = Decoder(CompiledFields(Shop.system, symbols: symbols), symbols: symbols)
    var held = HeldMessages(settings)
    let (topic, symbol) = (Array(Shop.topics[0].utf8), symbols.symbol(Shop.topics[0]))
    var batch = EventBatch()
    var decoded = 0
    topic.withUnsafeBytes { topicName in
      for (offset, body) in bodies.enumerated() {
        body.withUnsafeBytes { body in
          let message = ConsumedMessage(
            origin: Origin(topic: symbol, partition: 0, offset: Int64(offset)), brokerTime: Shop.now,
            receivedAt: Shop.now, key: UnsafeRawBufferPointer(start: nil, count: 0), body: body)
          held.decode(message, topicName: topicName, with: &decoder, into: &batch)
        }
        if batch.events.count == 1000 {
          decoded += batch.events.count
          batch.removeAll()
        }
      }
    }
    return decoded + batch.events.count
  }

  private static func texts(_ order: Int) -> [String] {
    [
      "5f0c9a3e-8d1b-4c57-9a2e-\(100_000_000_000 + order)", Shop.topics[0], "2026-01-27T10:00:00.\(100 + order % 900)Z",
      "Mechanical keyboard, 87 keys, brown", "KRW", "minji.kim@example.com, +82-10-1234-5678",
    ]
  }

  private static func values(_ order: Int) -> [Int] { [order, order % 997, order % 31, 1 + order % 3] }

  private static func bodies(_ write: ([String], [Int]) -> [UInt8]) -> [[UInt8]] {
    (0..<count).map { write(texts($0), values($0)) }
  }

  private static func json(_ texts: [String], _ values: [Int]) -> String {
    let members =
      zip(names, texts).map { "\"\($0)\":\"\($1)\"" } + zip(numbers, values).map { "\"\($0)\":\($1)" }
    return "{\(members.joined(separator: ","))}"
  }

  private static let avroSchema: String = {
    let fields =
      names.map { #"{"name":"\#($0)","type":["null","string"]}"# } + numbers.map { #"{"name":"\#($0)","type":"long"}"# }
    return #"{"type":"record","name":"Event","fields":[\#(fields.joined(separator: ","))]}"#
  }()

  private static let protobufSchema: String = {
    let fields =
      names.enumerated().map { "string \($1) = \($0 + 1);" } + numbers.enumerated().map { "int64 \($1) = \($0 + 7);" }
    return "syntax = \"proto3\"; message Event { \(fields.joined(separator: " ")) }"
  }()

  private static func avro(_ texts: [String], _ values: [Int]) -> [UInt8] {
    texts.flatMap { [2] + varint(2 * $0.utf8.count) + Array($0.utf8) } + values.flatMap { varint(2 * $0) }
  }

  private static func protobuf(_ texts: [String], _ values: [Int]) -> [UInt8] {
    texts.enumerated().flatMap { varint(($0 + 1) << 3 | 2) + varint($1.utf8.count) + Array($1.utf8) }
      + values.enumerated().flatMap { varint(($0 + 7) << 3) + varint($1) }
  }

  private static func varint(_ value: Int) -> [UInt8] {
    var (rest, bytes) = (value, [UInt8]())
    while rest >= 0x80 {
      bytes.append(UInt8(rest & 0x7f) | 0x80)
      rest >>= 7
    }
    return bytes + [UInt8(rest)]
  }
}
