import Core
import TestMessages
import Testing

@Suite("Inference from message formats of public systems")
struct InferredShapesTests {
  /// The inferred system of orders with two steps. Every fourth order fails at the second step. `shape` makes the messages.
  private func inferred(
    _ shape: (_ number: Int, _ place: Int, _ type: String) -> (headers: [(String, String)], body: [UInt8])
  ) -> InferredSystem {
    var set = SampleSet()
    var offset: Int64 = 0
    for number in 1...40 {
      let types =
        number % 4 == 0 ? ["OrderCreated", "PaymentFailed", "OrderCancelled"] : ["OrderCreated", "PaymentTaken"]
      for (place, type) in types.enumerated() {
        let (headers, body) = shape(number, place, type)
        let message = Message(
          key: Array("\(number)".utf8), headers: headers.map { (name: $0.0, value: $0.1) }, body: body,
          fullBodyLength: body.count)
        let time = InferenceScenario.start + Int64(number * 500 + place * 50)
        set.add(message, topic: "events", partition: 0, offset: offset, time: Timestamp(milliseconds: time))
        offset += 1
      }
    }
    return Inference.system(of: set, name: "shapes")
  }

  private func expectOrders(_ inferred: InferredSystem, _ source: FieldSource, prefix: String = "") {
    let saga = inferred.sagas.first?.definition
    #expect(inferred.sagas.count == 1 && inferred.sagas.first?.flows == 40)
    #expect(saga?.identities.first?.sources.first == source)
    #expect(saga?.steps.map(\.name) == ["order", "payment"])
    #expect(saga?.events.first { $0.type == prefix + "PaymentTaken" }?.ends == .completed)
    #expect(saga?.events.first { $0.type == prefix + "OrderCancelled" }?.ends == .compensated)
  }

  @Test("an outbox whose payload is a JSON text")
  func outbox() {
    let inferred = inferred { number, place, type in
      (
        [("id", "e\(number)-\(place)"), ("eventType", type)],
        Array(#"{"schema":{"type":"string"},"payload":"{\"orderId\":\#(number),\"total\":\"12.50\"}"}"#.utf8)
      )
    }
    expectOrders(inferred, .path(["payload", "orderId"]))
    #expect(inferred.system.fields.envelope == [.path(["payload"])])
    #expect(inferred.system.fields.type == [.header("eventType")])
  }

  @Test("a body that is JSON encoded twice")
  func twice() {
    let inferred = inferred { number, _, type in ([("eventType", type)], Array(#""{\"orderId\":\#(number)}""#.utf8)) }
    expectOrders(inferred, .path(["orderId"]))
    #expect(inferred.system.fields.envelope.isEmpty && inferred.unread == 0)
  }

  @Test("JSON after a schema registry's frame, with the class as type")
  func framed() {
    let inferred = inferred { number, _, type in
      ([("__TypeId__", "com.shop.events.\(type)")], [0, 0, 0, 0, 7] + Array(#"{"orderId":\#(number)}"#.utf8))
    }
    expectOrders(inferred, .path(["orderId"]), prefix: "com.shop.events.")
    #expect(inferred.unread == 0)
  }

  @Test("an envelope whose type is the first of a list of names")
  func listed() {
    let inferred = inferred { number, _, type in
      (
        [],
        Array(
          #"{"messageType":["urn:message:Shop.Contracts:\#(type)","urn:message:Shop:Any"],"message":{"orderId":\#(number)}}"#
            .utf8)
      )
    }
    expectOrders(inferred, .path(["message", "orderId"]), prefix: "urn:message:Shop.Contracts:")
    #expect(inferred.system.fields.type == [.path(["messageType", "*"])])
  }

  @Test("unreadable messages are counted, and unusual ones cause no crash")
  func odd() {
    let bodies: [[UInt8]] = [
      [0, 0, 0, 0, 7, 2, 9, 200], [], Array("null".utf8), Array("[1,2]".utf8), Array("\"{\"".utf8),
      Array((String(repeating: "{\"a\":", count: 5000) + "1" + String(repeating: "}", count: 5000)).utf8),
      Array("{\"orderId\":{\"orderId\":[{}]},\"type\":[[]],\"payload\":\"{not json\"}".utf8), [0xFF, 0xFE],
      Array("{\(String(repeating: "\"x\":1,", count: 3000))\"orderId\":1}".utf8),
    ]
    var set = SampleSet()
    for (offset, body) in bodies.enumerated() {
      set.add(
        Message(key: [0xFF], headers: [], body: body, fullBodyLength: body.count), topic: "t", partition: 0,
        offset: Int64(offset), time: .distantPast)
    }
    let inferred = Inference.system(of: set, name: "odd")
    #expect(inferred.sagas.isEmpty && inferred.unread == 7)
  }
}
