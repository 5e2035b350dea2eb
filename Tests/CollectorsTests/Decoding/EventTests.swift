import Core
import Testing

@testable import Collectors

@Suite("decoding a message into an event")
struct EventTests {
  private static let fields = EventFields(
    type: [.path(["type"])], time: [.path(["timestamp"])], id: [.path(["eventId"])], node: [.header("node")])

  @Test("type, time, id and node are taken from the configured sources")
  func byRules() {
    let decoding = Decoding(fields: Self.fields)
    let event = decoding.decode(
      #"{"type":"OrderCreated","timestamp":"2026-01-27T09:59:58.5Z","eventId":"e1","orderId":1}"#,
      headers: [("node", "node-2")])
    #expect(event.map { decoding.text($0.type) } == "OrderCreated")
    #expect(event?.time == Decoding.start - .milliseconds(1500))
    #expect(event.map { decoding.text($0.node) } == "node-2")
    #expect(event?.fingerprint != 0)
    let same = decoding.decode(#"{"eventId":"e1"}"#)?.fingerprint
    let other = decoding.decode(#"{"eventId":"e2"}"#)?.fingerprint
    #expect(same == event?.fingerprint && other != same)
  }

  @Test("by default the type is the topic's name, the time is the broker's, and there is no node")
  func fallbacks() {
    let decoding = Decoding(fields: Self.fields)
    let event = decoding.decode(#"{"orderId":1}"#)
    #expect(event.map { decoding.text($0.type) } == "orders")
    #expect(event?.time == Decoding.start)
    #expect(event?.node == Symbol.none && event?.fingerprint == 0)
    #expect(decoding.decode("{}", brokerTime: nil)?.time == Decoding.start + .seconds(1), "when it was received")
  }

  @Test("CloudEvents in binary mode: attributes in headers", arguments: ["ce_", "ce-"])
  func binaryCloudEvent(prefix: String) {
    let decoding = Decoding()
    let event = decoding.decode(
      #"{"orderId":1,"type":"not this one"}"#,
      headers: [
        ("\(prefix)specversion", "1.0"), ("\(prefix)type", "com.shop.order.created"), ("\(prefix)id", "e1"),
        ("\(prefix)time", "2026-01-27T09:59:59Z"), ("\(prefix)source", "/orders"),
      ])
    #expect(event.map { decoding.text($0.type) } == "com.shop.order.created")
    #expect(event?.time == Decoding.start - .seconds(1))
    #expect(event?.fingerprint != 0)
  }

  @Test("CloudEvents in structured mode: attributes in the body, including the version")
  func structuredCloudEvent() {
    let decoding = Decoding(id: [.path(["data", "orderId"])])
    let attributes = #""type":"com.shop.order.created","id":"e1","time":"2026-01-27T09:59:59Z","data":{"orderId":7}"#
    let event = decoding.decode(#"{"specversion":"1.0",\#(attributes)}"#)
    #expect(event.map { decoding.text($0.type) } == "com.shop.order.created")
    #expect(event?.time == Decoding.start - .seconds(1))
    #expect(event?.link?.key.value == "7" && event?.fingerprint != 0)
    let plain = decoding.decode("{\(attributes)}")
    #expect(plain.map { decoding.text($0.type) } == "orders", "without a version they are members like others")
    #expect(plain?.time == Decoding.start && plain?.fingerprint == 0)
  }

  @Test("a time far in the future is rejected and counted; slightly in the future it is accepted")
  func futureTimes() {
    let decoding = Decoding(fields: Self.fields)
    let near = Decoding.start + .seconds(200)
    #expect(decoding.decode(#"{"timestamp":"\#(near.iso8601)"}"#)?.time == near)
    #expect(decoding.decoder.counts.futureTimes == 0)
    #expect(decoding.decode(#"{"timestamp":"2126-01-27T10:00:00Z"}"#)?.time == Decoding.start)
    #expect(decoding.decoder.counts.futureTimes == 1)
    let received = Decoding.start + .seconds(1)
    let late = Decoding.start + .seconds(86_400)
    #expect(decoding.decode("{}", brokerTime: late)?.time == received, "nor is the broker's")
  }

  @Test(
    "a time in an unknown format is ignored", arguments: ["\"soon\"", "[]", "{}", "null", "\"\"", "1e400", "0"])
  func noTime(text: String) {
    #expect(Decoding(fields: Self.fields).decode("{\"timestamp\":\(text)}")?.time == Decoding.start)
  }

  @Test("a tombstone with a saga's key is an event of the saga; other tombstones are counted and skipped")
  func tombstones() {
    let decoding = Decoding(id: [.path(["orderId"]), .key])
    #expect(decoding.decode(nil, key: "7")?.link?.key.value == "7")
    #expect(decoding.decode(nil) == nil)
    #expect(decoding.decoder.counts.tombstones == 1 && decoding.batch.undecoded.isEmpty)
  }

  @Test("stored key, headers and body are limited and never cut within a character")
  func kept() throws {
    let decoding = Decoding(bodyLimit: 10)
    let body = #"{"a":"éééééééé"}"#
    let event = try #require(
      decoding.decode(body, key: "k", headers: [("a\nb", "1\n2"), ("c", String(repeating: "x", count: 5000))]))
    #expect(event.text.keyLength == 1 && event.text.fullBodyLength == body.utf8.count)
    #expect(event.text.headersLength < 3000)
    let arena = decoding.batch.arena
    let bodyStart = event.text.start + 1 + event.text.headersLength
    #expect(String(decoding: arena[bodyStart..<bodyStart + event.text.bodyLength], as: UTF8.self) == #"{"a":"éé"#)
    #expect(String(decoding: arena[event.text.start..<event.text.start + 10], as: UTF8.self) == "ka b: 1 2\n")
  }
}
