import Core
import Testing

@Suite("Message formats of public systems, each with a short configuration")
struct PublicSystemsTests {
  /// Steps and events of a configuration for an order of two steps.
  private static let steps = """
        steps: [create, pay]
        events:
          OrderCreated: {starts: true, completes: create}
          PaymentTaken: {completes: pay, ends: completed}
          OrderCancelled: {compensates: create, ends: compensated}
    """

  private static let done = "order completed: create completed, pay completed"

  @Test("Eventuate Tram: headers in the body, and the event as an embedded text")
  func eventuateTram() throws {
    let system = try WatchedSystem(
      """
      name: tram
      topics: ["*"]
      fields:
        type: headers.event-type
        id: headers.ID
        envelope: payload
      sagas:
        order:
          ids: {orderId: [payload.orderId, headers.event-aggregate-id]}
      \(Self.steps)
      """)
    let headers = #""PARTITION_ID":"7","DATE":"Tue, 27 Jan 2026 10:00:00 GMT","event-aggregate-type":"Order""#
    system.send(
      #"{"payload":"{\"orderId\":7,\"total\":\"12.50\"}","headers":{"ID":"e1","event-type":"OrderCreated",\#(headers)}}"#
    )
    system.send(
      #"{"payload":"{}","headers":{"ID":"e2","event-aggregate-id":"7","event-type":"PaymentTaken",\#(headers)}}"#)
    #expect(system.summary("7") == Self.done)
  }

  @Test("Debezium outbox: routed by header, with a text or doubly encoded payload, with or without a schema")
  func outbox() throws {
    let system = try WatchedSystem(
      """
      name: outbox
      topics: ["*"]
      fields:
        type: ["header:eventType", "payload.after.type"]
        id: ["header:id", "payload.after.id"]
        envelope: [payload, payload.after.payload]
      sagas:
        order:
          ids: {orderId: [payload.orderId, payload.after.payload.orderId, orderId]}
      \(Self.steps)
      """)
    system.send(#""{\"orderId\":7}""#, key: "7", headers: [("id", "a"), ("eventType", "OrderCreated")])
    system.send(
      #"{"schema":{"type":"string","optional":true},"payload":"{\"orderId\":\"7\"}"}"#, key: "7",
      headers: [("id", "b"), ("eventType", "PaymentTaken")])
    #expect(system.summary("7") == Self.done)
    let after = #""after":{"id":"c","aggregateid":"8","type":"OrderCreated","payload":"{\"orderId\":8}"},"op":"c""#
    system.send(#"{"schema":{},"payload":{"before":null,\#(after)}}"#)
    #expect(system.summary("8") == "order running: create completed, pay running")
  }

  @Test("CloudEvents of one saga, binary and structured")
  func cloudEvents() throws {
    let system = try WatchedSystem(
      """
      name: cloud
      topics: ["*"]
      sagas:
        order:
          ids: {orderId: [orderId, data.orderId]}
      \(Self.steps)
      """)
    system.send(
      #"{"orderId":7}"#,
      headers: [("ce_specversion", "1.0"), ("ce_type", "OrderCreated"), ("ce_id", "e1"), ("ce_source", "/orders")])
    system.send(
      #"{"specversion":"1.0","type":"PaymentTaken","id":"e2","source":"/payments","data":{"orderId":"7"}}"#,
      headers: [("content-type", "application/cloudevents+json")])
    #expect(system.summary("7") == Self.done)
  }

  @Test("MassTransit envelope: the type is the first of a list of names")
  func massTransit() throws {
    let system = try WatchedSystem(
      """
      name: masstransit
      topics: ["*"]
      fields: {type: "messageType.*", time: sentTime, id: messageId, node: host.machineName}
      sagas:
        order:
          ids: {orderId: message.orderId, correlationId: correlationId}
          error: ["message.exceptions.*.message"]
          steps: [create, pay]
          events:
            "urn:message:Shop.Contracts:OrderSubmitted": {starts: true, completes: create}
            "urn:message:Shop.Contracts:PaymentTaken": {completes: pay, ends: completed}
            "urn:message:MassTransit:Fault[[Shop.Contracts:TakePayment]]": {fails: pay, ends: failed}
      """)
    let host = #""sentTime":"2026-01-27T09:59:00.123Z","host":{"machineName":"node-2","processId":17}"#
    system.send(
      #"{"messageId":"m1","correlationId":"c7","messageType":["urn:message:Shop.Contracts:OrderSubmitted","#
        + #""urn:message:Shop.Contracts:IOrderEvent"],"message":{"orderId":"7"},\#(host)}"#)
    system.send(
      #"{"messageId":"m2","correlationId":"c7","messageType":["urn:message:MassTransit:Fault[[Shop.Contracts:TakePayment]]"],"#
        + #""message":{"exceptions":[{"message":"card declined"}]},\#(host)}"#)
    let saga = system.saga("7")
    #expect(saga?.row.status == .failed)
    #expect(saga?.row.error == "card declined")
    #expect(saga?.row.node == "node-2")
    #expect(saga?.ids.map(\.value) == ["7", "c7"])
  }

  @Test("Axon: metadata in headers, with the time as eight bytes")
  func axon() throws {
    let system = try WatchedSystem(
      """
      name: axon
      topics: ["*"]
      fields:
        type: "header:axon-message-type"
        time: "header:axon-message-timestamp"
        id: "header:axon-message-id"
      sagas:
        order:
          ids: {orderId: "header:axon-message-aggregate-id"}
          steps: [create, pay]
          events:
            com.shop.OrderCreated: {starts: true, completes: create}
            com.shop.PaymentTaken: {completes: pay, ends: completed}
      """)
    let at = WatchedSystem.now - .seconds(3600)
    for (number, type) in ["com.shop.OrderCreated", "com.shop.PaymentTaken"].enumerated() {
      let time = at.milliseconds + Int64(number)
      system.send(
        Array("{}".utf8),
        headers: [
          ("axon-message-id", Array("e\(number)".utf8)), ("axon-message-type", Array(type.utf8)),
          ("axon-message-aggregate-id", Array("7".utf8)),
          ("axon-message-timestamp", (0..<8).map { UInt8(truncatingIfNeeded: time >> (8 * (7 - $0))) }),
        ])
    }
    #expect(system.summary("7") == Self.done)
    #expect(system.saga("7")?.row.startedAt == at)
  }

  @Test(
    "Spring: __TypeId__ names the event; a schema registry's frame is skipped before JSON, and Avro is only reported"
  )
  func spring() throws {
    let system = try WatchedSystem(
      """
      name: spring
      topics: ["*"]
      fields: {type: "header:__TypeId__"}
      sagas:
        order:
          ids: {orderId: orderId}
          steps: [create, pay]
          events:
            com.shop.OrderCreated: {starts: true, completes: create}
            com.shop.PaymentTaken: {completes: pay, ends: completed}
      """)
    let frame: [UInt8] = [0, 0, 0, 0, 7]
    system.send(#"{"orderId":7}"#, headers: [("__TypeId__", "com.shop.OrderCreated")])
    system.send(frame + Array(#"{"orderId":"7"}"#.utf8), headers: [("__TypeId__", Array("com.shop.PaymentTaken".utf8))])
    #expect(system.summary("7") == Self.done)
    system.send(frame + [2, 14, 55], topic: "avro")
    #expect(system.undecoded.contains { $0.contains("schema id 7: not decoded") })
  }
}
