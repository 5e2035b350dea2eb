import Clients
import Core
import TestSupport
import Testing
import Text

@testable import Collectors

@Suite("During an outage of the schema registry, with more messages than fit")
struct RegistryOutageTests {
  private let registry: RudeServer
  private let broker: NoidaServer

  init() throws {
    (registry, broker) = (try RudeServer(), try NoidaServer())
    for path in ["/schemas/types", "/schemas/ids/7", "/schemas/ids/8"] {
      registry.answer(path, "", status: "503 Service Unavailable")
    }
  }

  private static func record(_ schema: Int, order: Int) -> TestProducer.Record {
    var record = TestProducer.Record("orders", "")
    record.value =
      [0] + (0..<4).reversed().map { UInt8(truncatingIfNeeded: schema >> (8 * $0)) } + [UInt8(2 * order)]
    return record
  }

  /// The registry has schema 7 and no other.
  private func end() {
    let schema = #"{"type":"record","name":"Order","fields":[{"name":"orderId","type":"long"}]}"#
    registry.answer("/schemas/ids/7", #"{"schema":"\#(JSONString.escaped(schema))"}"#)
    registry.answer(
      "/schemas/ids/8", #"{"error_code":40403,"message":"Schema 8 not found"}"#, status: "404 Not Found")
    registry.answer("/schemas/types", "[]")
  }

  private func reading(mostHeld: Int) throws -> Reading {
    try Reading(broker.brokers, topics: ["orders"], registry: .init(url: registry.url("")), mostHeld: mostHeld)
  }

  private func note(_ reading: Reading, contains words: String) -> Bool {
    reading.sink.status(of: "kafka")?.notes.contains { $0.contains(words) } ?? false
  }

  @Test("the source is complete only when the messages that did not fit are read again")
  func complete() async throws {
    try TestProducer(broker.brokers).write((0..<6000).map { Self.record(7, order: $0 % 60 + 1) })
    let reading = try reading(mostHeld: 10)
    try #require(await waitUntil { reading.sink.undecoded.count == 6000 })
    #expect(
      await waitUntil {
        note(
          reading, contains: "5990 messages did not fit into memory and will be read again when their schemas arrive")
      })
    #expect(reading.sink.wholes.isEmpty)
    end()
    try #require(await waitUntil(.seconds(30)) { !reading.sink.wholes.isEmpty })
    #expect(reading.sink.wholes.first == 6000)
    #expect(reading.ids.count == 6000 && Set(reading.sink.withdrawn).count == 6000)
    #expect(await waitUntil { reading.sink.status(of: "kafka")?.notes == [] })
  }

  @Test("they are read again also if messages with an absent schema keep all the room")
  func noRoom() async throws {
    try TestProducer(broker.brokers).write(
      (1...20).map { Self.record(8, order: $0) } + (21...60).map { Self.record(7, order: $0) })
    let reading = try reading(mostHeld: 10)
    try #require(await waitUntil { reading.sink.undecoded.count == 60 })
    end()
    #expect(await waitUntil(.seconds(30)) { reading.ids == (21...60).map(String.init) })
    #expect(await waitUntil { reading.sink.status(of: "kafka")?.isComplete ?? false })
    #expect(reading.sink.wholes.allSatisfy { $0 == 40 }, "\(reading.sink.wholes)")
    #expect(reading.sink.undecoded.count == 60 && reading.sink.withdrawn.count == 40)
  }

  /// Of 4 messages one has schema 7, one belongs to no saga, one is not decodable and one is JSON of a saga.
  private static func mixture(_ count: Int) -> [TestProducer.Record] {
    (0..<count).map { number in
      switch number % 4 {
      case 0: record(7, order: number / 4 + 1)
      case 1: .init("orders", #"{"customer":7}"#)
      case 2: .init("orders", #"{"orderId":"#)
      default: .init("orders", #"{"orderId":\#(1000 + number)}"#)
      }
    }
  }

  @Test("a partition with other messages is read again, and each message counts once")
  func mixed() async throws {
    try TestProducer(broker.brokers).write(Self.mixture(200))
    let reading = try reading(mostHeld: 10)
    try #require(await waitUntil { reading.sink.events.count == 100 && reading.sink.undecoded.count == 100 })
    end()
    try #require(await waitUntil(.seconds(30)) { reading.sink.status(of: "kafka")?.isComplete ?? false })
    try TestProducer(broker.brokers).write([.init("orders", #"{"orderId":9999}"#)])
    try #require(await waitUntil { reading.ids.last == "9999" })
    let (events, undecoded) = (reading.sink.events.map(\.origin), reading.sink.undecoded.map(\.origin))
    #expect(events.count == 151 && Set(events).count == 151)
    #expect(undecoded.count == 100 && Set(undecoded).count == 100)
    #expect(reading.sink.withdrawn.count == 50 && Set(reading.sink.withdrawn).isSubset(of: undecoded))
    #expect(reading.sink.passed.count == Set(reading.sink.passed).count)
  }

  @Test("an aggregating instance publishes each event once when a partition is read again")
  func aggregatedOnce() async throws {
    try TestProducer(broker.brokers).write(Self.mixture(200))
    let aggregator = try aggregator(mostHeld: 10)
    let isRead = await waitUntil(.seconds(30)) {
      _ = aggregator.step()
      return Self.events(aggregator.summary) == 50
    }
    try #require(isRead, "\(aggregator.summary)")
    end()
    let isCommitted = await waitUntil(.seconds(30)) {
      _ = aggregator.step()
      return (try? TestProducer(broker.brokers).committed("orders", partition: 0, group: "watch")) == 200
    }
    #expect(isCommitted && Self.events(aggregator.summary) == 100, "\(aggregator.summary)")
    aggregator.finish()
  }

  private func aggregator(mostHeld: Int) throws -> Aggregator {
    var settings = KafkaSettings(brokers: broker.brokers, topics: [try NamePattern("orders")], since: .everything)
    settings.schemas.registry = .init(url: registry.url(""))
    settings.mostHeld = mostHeld
    let aggregator = try Aggregator(
      settings, system: Reading.system,
      .init(
        group: "watch", topic: "__state", interval: .milliseconds(100), createdPartitions: 1,
        retention: .seconds(3600)))
    try aggregator.prepare()
    return aggregator
  }

  private static func events(_ summary: String) -> Int? {
    summary.firstMatch(of: /, (\d+) events of sagas/).flatMap { Int($0.1) }
  }

  @Test("an aggregating instance commits no message that is neither published nor known to be undecodable")
  func commits() async throws {
    let producer = try TestProducer(broker.brokers)
    try producer.write((1...20).map { Self.record(8, order: $0) } + (21...60).map { Self.record(7, order: $0) })
    let aggregator = try aggregator(mostHeld: 10)
    let committed = { try? producer.committed("orders", partition: 0, group: "watch") }
    let mustWait = await waitUntil(.seconds(30)) {
      _ = aggregator.step()
      return aggregator.summary.hasPrefix("60 messages")
    }
    try #require(mustWait, "\(aggregator.summary)")
    #expect(committed() == nil)
    end()
    var tooEarly: [String] = []
    let isCommitted = await waitUntil(.seconds(30)) {
      _ = aggregator.step()
      let (offset, summary) = (committed() ?? -1, aggregator.summary)
      // The first 20 messages cannot be decoded; each later one must have an event before it is committed.
      if Self.events(summary) ?? 0 < offset - 20 { tooEarly.append("\(offset): \(summary)") }
      return offset == 60
    }
    #expect(isCommitted, "\(aggregator.summary)")
    #expect(Self.events(aggregator.summary) == 40 && tooEarly.isEmpty, "\(tooEarly)")
    aggregator.finish()
  }

  @Test("during an outage a limited number of schemas is listed, and the others are counted and requested afterwards")
  func manySchemas() {
    var findings = SchemaFindings()
    let start = Timestamp(milliseconds: 1_000_000)
    findings.noteOutage("HTTP 503", at: start)
    for id in 1...12_000 { _ = findings.find(.number(UInt64(id))) }
    let note = "10000 schemas wait for the registry; 2000 requests for others are left out until it responds"
    let whileOut = (findings.omission, findings.take())
    #expect(whileOut == (note, nil))
    let isBack = findings.noteAnswer(at: start + .seconds(1), latency: .zero)
    #expect(isBack && findings.omission == nil)
    var requested: Set<SchemaID> = []
    while let id = findings.take() { requested.insert(id) }
    #expect(requested.count == 10_000)
    let areNew = (10_001...12_000).allSatisfy { findings.find(.number(UInt64($0))).isNew }
    #expect(areNew)
  }

  @Test(
    "a response between the start of an outage and the refusal of waiting schemas leaves no schema without a request")
  func answerInBetween() {
    var findings = SchemaFindings()
    let start = Timestamp(milliseconds: 1_000_000)
    for id in 1...3 { _ = findings.find(.number(UInt64(id))) }
    let asked = [findings.take(), findings.take()]
    // The request of schema 1 fails, while another worker requests schema 2.
    findings.wasNotAnswered(.number(1))
    findings.noteOutage("HTTP 503", at: start)
    _ = findings.noteAnswer(at: start, latency: .zero)
    let mustAsk = findings.refuseAll("HTTP 503")
    #expect(asked == [.number(1), .number(2)] && mustAsk)
    let requested = [findings.take(), findings.take(), findings.take()]
    #expect(requested == [.number(3), .number(1), nil])
    findings.noteOutage("HTTP 503", at: start)
    let isQueued = findings.refuseAll("HTTP 503")
    #expect(!isQueued && findings.take() == nil)
  }
}

@Suite("Read positions of a group member")
struct ReadPositionsTests {
  @Test("a partition that is set back takes no message until the client was moved, so that no commit passes a message")
  func rewound() {
    let (topic, id) = (Symbol(number: 1), TopicPartition(topic: "orders", partition: 0))
    var positions = ReadPositions()
    positions.add(id, topic: topic)
    var isTaken = positions.advance(topic: topic, partition: 0, past: 9, at: Timestamp(milliseconds: 9000))
    #expect(isTaken && positions.uncommitted == [id: 10])
    positions.rewind(topic: topic, partition: 0, to: 4)
    isTaken = positions.advance(topic: topic, partition: 0, past: 10, at: nil)
    #expect(!isTaken && positions.uncommitted == [id: 4] && positions.rewound == [id: 4])
    #expect(positions.all.map(\.time) == [nil], "later messages are not decoded")
    positions.moved([id])
    isTaken = positions.advance(topic: topic, partition: 0, past: 4, at: Timestamp(milliseconds: 4000))
    #expect(isTaken && positions.uncommitted == [id: 5] && positions.rewound.isEmpty)
    #expect(positions.all.map(\.time) == [Timestamp(milliseconds: 4000)])
  }
}
