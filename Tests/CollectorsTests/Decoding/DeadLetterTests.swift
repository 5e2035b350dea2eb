import Core
import Testing

@testable import Collectors

@Suite("dead letters and undecodable bodies")
struct DeadLetterTests {
  private static let system = SystemDefinition(
    name: "test", topics: ["*"],
    fields: EventFields(type: [.path(["type"]), .topic], time: [.path(["at"])], id: [.path(["eid"])]),
    sagas: [
      SagaDefinition(
        type: "order", identities: [.init(name: "id", sources: [.path(["orderId"]), .key])],
        events: [EventRule(type: "Paid"), EventRule(type: "orders")], errorSources: [.path(["reason"])])
    ])
  private let decoding = Decoding(system)
  private let body = #"{"type":"Paid","orderId":7,"eid":"e1","at":"2026-01-27T09:00:00Z"}"#

  @Test(
    "a framework's headers give the original topic and the error",
    arguments: [
      ("orders.DLT", "kafka_dlt-original-topic", "kafka_dlt-exception-message", false),
      ("orders-retry-0", "kafka_original-topic", "kafka_exception-message", true),
      ("errors.deadletter", "__connect.errors.topic", "__connect.errors.exception.message", false),
      ("orders-dlq", "x-original-topic", "x-exception-message", false),
      ("dead-letter-topic-orders", "dead-letter-topic", "dead-letter-reason", false),
      ("app.dlq", "__streams.errors.topic", "__streams.errors.message", false),
    ])
  func headers(topic: String, topicHeader: String, errorHeader: String, isRetry: Bool) throws {
    let event = try #require(
      decoding.decode(body, headers: [(topicHeader, "orders"), (errorHeader, "no route")], topic: topic))
    let letter = try #require(event.deadLetter)
    #expect(decoding.text(letter.originalTopic) == "orders" && letter.error == "no route" && letter.isRetry == isRetry)
    #expect(decoding.text(event.type) == "Paid" && event.link?.key.value == "7")
    #expect(event.fingerprint == 0, "it is no copy of the event that could not be handled")
    #expect(event.time == Decoding.start, "it was put aside when the broker took it")
  }

  @Test("the wrapped event is decoded, and so are the members around it")
  func wrapper() throws {
    let event = try #require(
      decoding.decode(
        #"{"original_topic":"payments","original_value":\#(body),"error":{"message":"smtp timeout"},"reason":"outer"}"#,
        topic: "payments.dlq"))
    #expect(event.link?.key.value == "7" && event.link?.error == "outer" && decoding.text(event.type) == "Paid")
    #expect(
      event.deadLetter.map { decoding.text($0.originalTopic) } == "payments"
        && event.deadLetter?.error == "smtp timeout")
  }

  @Test("the wrapped event may be a JSON text")
  func textWrapper() throws {
    let event = try #require(
      decoding.decode(
        #"{"originalValue":"{\"type\":\"Paid\",\"orderId\":7}","errorMessage":"x"}"#, topic: "dead-letter-orders"))
    #expect(event.link?.key.value == "7" && decoding.text(event.type) == "Paid")
    #expect(event.deadLetter.map { decoding.text($0.originalTopic) } == "orders" && event.deadLetter?.error == "x")
  }

  @Test("if the topic is the event type, the original topic is used")
  func originalType() throws {
    let event = try #require(decoding.decode(#"{"orderId":7}"#, topic: "orders.dlq"))
    #expect(decoding.text(event.type) == "orders" && event.link?.rule == 1)
  }

  @Test("messages of a normal topic are never dead letters")
  func ordinary() {
    #expect(decoding.decode(#"{"orderId":7,"original_value":{"orderId":8}}"#, topic: "orders")?.deadLetter == nil)
    #expect(decoding.decode(#"{"orderId":7,"original_value":{"orderId":8}}"#, topic: "orders")?.link?.key.value == "7")
  }

  @Test("for an undecodable body the event type is taken from key, headers and topic if a rule matches")
  func opaque() {
    let avro: [UInt8] = [0, 0, 0, 0, 42, 0x48, 1, 2]
    let event = decoding.decode(bytes: avro, key: "7", topic: "orders")
    #expect(event?.link?.key.value == "7" && event?.link?.rule == 1)
    #expect(
      decoding.decode(bytes: avro, key: "7", headers: [("ce_type", "Paid"), ("ce_id", "1")], topic: "x") == nil,
      "the topic is its type here")
    #expect(decoding.decode(bytes: avro, topic: "orders") == nil, "nothing names its saga")
    #expect(decoding.lastReason == "Avro or Protobuf, schema id 42: not decoded without the registry that has it")
  }

  @Test("invalid JSON gives no event, regardless of key and topic")
  func damaged() {
    let bodies = [#"{"orderId":7,"a":<!DOCTYPE html>"#, "{", #"[{"orderId":7}"#, " \n{\"orderId\""]
    for body in bodies { #expect(decoding.decode(body, key: "7", topic: "orders") == nil, "\(body)") }
    #expect(decoding.batch.undecoded.count == bodies.count)
    #expect(
      decoding.decode(bytes: [0x7b, 0x81, 0x02], key: "7", topic: "orders") != nil, "binary that begins with a brace")
  }

  @Test("a CloudEvent's id is unique only together with its source")
  func cloudEvents() {
    let decoding = Decoding(id: [.key])
    let fingerprint = { (id: String, source: String) in
      decoding.decode("{}", key: "k", headers: [("ce_id", id), ("ce_source", source), ("ce_type", "t")])?.fingerprint
    }
    #expect(fingerprint("1", "/a") != fingerprint("1", "/b") && fingerprint("1", "/a") == fingerprint("1", "/a"))
    let structured = decoding.decode(#"{"specversion":"1.0","id":"1","source":"/a","type":"t"}"#, key: "k")?.fingerprint
    #expect(structured == fingerprint("1", "/a"))
  }
}
