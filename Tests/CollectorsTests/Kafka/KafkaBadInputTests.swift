import Collectors
import Core
import TestSupport
import Testing

@Suite("undecodable messages on a broker")
struct KafkaBadInputTests {
  private let server: NoidaServer
  private let producer: TestProducer

  init() throws {
    server = try NoidaServer()
    producer = try TestProducer(server.brokers)
    try producer.createTopic("orders")
  }

  @Test("each is listed with offset, reason and text, and the valid ones around it are read")
  func mixed() async throws {
    var binary = TestProducer.Record("orders", nil)
    binary.value = [0xff, 0x00, 0x80, 0x1b]
    let bad: [TestProducer.Record] = [
      binary, .init("orders", ""), .init("orders", #"{"orderId":7,"#), .init("orders", "42"), .init("orders", "{]"),
    ]
    for record in bad { try producer.write([record] + .orders(1...1)) }
    try producer.write([.init("orders", nil), .init("orders", nil, key: "7")])
    let reading = try Reading(server.brokers)
    #expect(await waitUntil { reading.sink.status.isComplete })
    #expect(reading.ids.count == 5)
    let undecoded = reading.sink.undecoded
    #expect(undecoded.map(\.origin.offset) == [0, 2, 4, 6, 8])
    #expect(undecoded.allSatisfy { !$0.reason.isEmpty })
    #expect(reading.sink.status.phase == .up && reading.sink.status.error == nil)
    #expect(reading.sink.status.messages == 12)
  }

  @Test("a message of five megabytes is read, and its start is stored")
  func large() async throws {
    let blob = String(repeating: "x", count: 5_000_000)
    try producer.createTopic("blobs", settings: ["max.message.bytes": "10000000"])
    try producer.write([.init("blobs", #"{"blob":"\#(blob)","orderId":7}"#)] + .orders(8...8, topic: "blobs"))
    let reading = try Reading(server.brokers)
    #expect(await waitUntil { reading.sink.status.isComplete })
    #expect(reading.ids == ["7", "8"])
    #expect(reading.sink.bodies.first?.utf8.count == 4096)
    #expect(reading.sink.events.first?.text.fullBodyLength == blob.utf8.count + 23)
  }

  @Test("escape sequences are stored unchanged; the screen escapes them")
  func escapes() async throws {
    let body = "{\"orderId\":\"a\\u001b[2J\",\"product\":\"\\u001b]0;x\\u0007\"}"
    try producer.write([.init("orders", body, key: "\u{1b}[31m")])
    let reading = try Reading(server.brokers)
    #expect(await waitUntil { reading.sink.status.isComplete })
    #expect(reading.ids == ["a\u{1b}[2J"])
    #expect(reading.sink.bodies == [body])
  }

  @Test("an id that is a number in one event and a string in another names one saga")
  func idForms() async throws {
    try producer.write([
      .init("orders", #"{"orderId":7}"#), .init("orders", #"{"orderId":"7"}"#), .init("orders", #"{"orderId": 7 }"#),
    ])
    let reading = try Reading(server.brokers)
    let store = Store(Reading.system, context: .init(name: "test"), symbols: reading.symbols, now: SystemClock.now)
    #expect(await waitUntil { reading.sink.status.isComplete })
    store.accept(EventBatch(events: reading.sink.events))
    #expect(store.snapshot(now: SystemClock.now()).overview.total.counts.running == 1)
  }

  @Test("times in the future are rejected, and the status contains their number")
  func future() async throws {
    let now = SystemClock.now()
    try producer.write([
      .init("orders", #"{"orderId":1,"at":"2126-01-01T00:00:00Z"}"#),
      .init("orders", #"{"orderId":2}"#, time: now.milliseconds + 86_400_000),
    ])
    var system = Reading.system
    system.fields.time = [.path(["at"])]
    let reading = try Reading(server.brokers, system: system)
    #expect(await waitUntil { reading.sink.status.isComplete && !reading.sink.status.notes.isEmpty })
    #expect(reading.sink.events.allSatisfy { $0.time <= SystemClock.now() && $0.time > now - .seconds(60) })
    #expect(reading.sink.status.notes == ["1 event with a time in the future: the broker's time counts"])
  }

  @Test("headers that are empty, repeated or contain arbitrary bytes are stored as lines")
  func headers() async throws {
    try producer.write([
      .init("orders", #"{"orderId":1}"#, headers: [("a", ""), ("b", "1"), ("b", "2"), ("é", "x\ny\u{1b}")])
    ])
    let reading = try Reading(server.brokers)
    #expect(await waitUntil { reading.sink.count == 1 })
    #expect(reading.sink.headers == ["a: \nb: 1\nb: 2\né: x y\u{1b}\n"])
  }
}
