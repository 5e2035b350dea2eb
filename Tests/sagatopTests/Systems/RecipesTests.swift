import Foundation
import Testing

/// Tests each preset of docs/recipes.md with messages of its kind of system.
@Suite("Recipes")
struct RecipesTests {
  struct Message: Sendable {
    var topic: String
    var body: String
    var key = ""
    var headers: [(String, String)] = []
  }

  struct Recipe: Sendable, CustomTestStringConvertible {
    var title: String
    var messages: [Message]
    /// Expected summaries by id.
    var sagas: [String: String]

    var testDescription: String { title }
  }

  /// The YAML blocks by heading.
  private static let presets: [String: String] = {
    let folder = #filePath.components(separatedBy: "/Tests/")[0]
    let text = (try? String(contentsOfFile: folder + "/docs/recipes.md", encoding: .utf8)) ?? ""
    let sections = text.components(separatedBy: "\n## ").dropFirst()
    return Dictionary(
      sections.map { section in
        let block = section.components(separatedBy: "```yaml\n").dropFirst().first ?? ""
        return (String(section.prefix { $0 != "\n" }), block.components(separatedBy: "```")[0])
      }, uniquingKeysWith: { first, _ in first })
  }()

  @Test("each recipe has at most 20 lines and is tested here")
  func complete() {
    #expect(Set(Self.presets.keys) == Set(Self.recipes.map(\.title)))
    for (title, preset) in Self.presets {
      #expect(preset.split(separator: "\n", omittingEmptySubsequences: false).count <= 21, "\(title)")
    }
  }

  @Test("each recipe gives the expected sagas", arguments: recipes)
  func recipe(_ recipe: Recipe) throws {
    let system = try WatchedSystem(try #require(Self.presets[recipe.title]))
    for message in recipe.messages {
      system.send(message.body, topic: message.topic, key: message.key, headers: message.headers)
    }
    #expect(system.undecoded.isEmpty)
    for (id, summary) in recipe.sagas { #expect(system.summary(id) == summary, "\(id)") }
  }

  private static func headers(_ prefix: String, _ pairs: [(String, String)]) -> [(String, String)] {
    pairs.map { (prefix + $0.0, $0.1) }
  }

  private static func tram(_ kind: String, _ saga: String, outcome: String? = nil) -> Message {
    let command = outcome == nil ? "command_type" : "commandreply_type"
    let id = outcome == nil ? "command_saga_id" : "commandreply_saga_id"
    let more = outcome.map { #","reply_outcome-type":"\#($0)""# } ?? ""
    return Message(
      topic: outcome == nil ? "kitchenService" : "CreateOrderSaga-reply",
      body:
        #"{"payload":"{\"orderId\":1}","headers":{"ID":"\#(saga)\#(kind)\#(outcome ?? "")","\#(command)":"net.food.\#(kind)","\#(id)":"\#(saga)"\#(more)}}"#
    )
  }

  private static func cap(_ name: String, _ id: Int, _ number: Int) -> Message {
    Message(
      topic: name, body: #"{"OrderId":\#(id),"Reason":"card expired"}"#,
      headers: headers(
        "cap-",
        [
          ("msg-id", "\(id)-\(number)"), ("msg-name", name), ("senttime", "01/27/2026 09:59:0\(number)"),
          ("corr-id", "c\(id)"), ("exec-instance-id", "pod-1"),
        ]))
  }

  private static func axon(_ name: String, _ id: String) -> Message {
    Message(
      topic: "Axon.Events", body: #"{"orderId":"\#(id)","reason":"declined"}"#, key: id,
      headers: headers("axon-message-", [("type", "com.shop.api.\(name)"), ("id", id + name)]))
  }

  private static func massTransit(_ type: String, _ message: String, _ number: Int) -> Message {
    Message(
      topic: "order-saga",
      body:
        #"{"messageId":"m\#(number)","messageType":["urn:message:\#(type)","urn:message:Shop:IEvent"],"message":\#(message),"sentTime":"2026-01-27T09:59:0\#(number)Z","host":{"machineName":"h"}}"#
    )
  }

  private static func nServiceBus(_ name: String, _ id: Int, topic: String = "audit") -> Message {
    Message(
      topic: topic, body: #"{"OrderId":\#(id)}"#,
      headers: headers(
        "NServiceBus.",
        [
          (
            "EnclosedMessageTypes", "Shop.\(name), Shop.Messages, Version=1.4.0.0, Culture=neutral, PublicKeyToken=null"
          ),
          ("MessageId", "\(id)\(name)"), ("OriginatingMachine", "vm-1"),
        ] + (topic == "error" ? [("ExceptionInfo.Message", "no courier")] : [])))
  }

  private static func rebus(_ name: String, _ id: Int, topic: String = "shop.orders") -> Message {
    Message(
      topic: topic, body: #"{"OrderId":\#(id)}"#,
      headers: headers(
        "rbs2-",
        [("msg-type", "Shop.\(name), Shop"), ("msg-id", "\(id)\(name)\(topic)"), ("error-details", "declined")]))
  }

  private static func outbox(_ type: String, _ topic: String, key: String) -> Message {
    Message(
      topic: topic, body: #""{\"price\": 12.5, \"reason\": \"no stock\"}""#, key: key,
      headers: [("eventType", type), ("id", key + type)])
  }

  private static func conductor(_ topic: String, _ type: String, _ id: String, task: String = "", time: Int) -> Message
  {
    Message(
      topic: topic,
      body:
        #"{"eventType":"\#(type)","payload":{"workflowId":"\#(id)","referenceTaskName":"\#(task)","reasonForIncompletion":"no stock","updateTime":"2026-01-27T09:59:0\#(time)Z"}}"#
    )
  }

  private static func bridge(_ source: String, _ type: String, _ id: Int, _ number: Int) -> Message {
    Message(
      topic: "bridge",
      body:
        #"{"id":"\#(id)-\#(number)","source":"\#(source)","detail-type":"\#(type)","time":"2026-01-27T09:59:0\#(number)Z","detail":{"orderId":\#(id),"reason":"declined"}}"#
    )
  }

  private static func cloud(_ type: String, _ subject: String, _ topic: String) -> Message {
    Message(
      topic: topic, body: "\u{0}\u{0}\u{0}\u{0}\u{7}avro",
      headers: headers(
        "ce_",
        [
          ("specversion", "1.0"), ("id", "1"), ("source", "/\(subject)\(type)"), ("type", "com.shop.\(type)"),
          ("subject", subject),
        ]))
  }

  private static func spring(_ topic: String, _ id: Int, _ headers: [(String, String)] = []) -> Message {
    Message(topic: topic, body: #"{"orderId":\#(id)}"#, headers: headers)
  }

  private static func lra(_ topic: String, _ id: String) -> Message {
    Message(
      topic: topic, body: "{}",
      headers: [("Long-Running-Action", "http://lra/\(id)"), ("Long-Running-Action-Parent", "")])
  }

  static let recipes: [Recipe] = [
    Recipe(
      title: "An orchestrator with command and reply topics",
      messages: [
        ("order.saga.start", ""), ("stock.reserve.command", ""), ("stock.reply", "SUCCESS"),
        ("payment.charge.command", ""), ("payment.reply", "FAILURE"),
        ("stock.reply", "RELEASED"), ("order.saga.end", "FAILURE"),
      ].map { topic, status in
        Message(
          topic: topic,
          body: status.isEmpty
            ? #"{"sagaId":"s","orderId":1}"# : #"{"sagaId":"s","status":"\#(status)","reason":"card expired"}"#)
      },
      sagas: [
        "s": "order compensated: stock compensated, payment failed",
        "1": "order compensated: stock compensated, payment failed",
      ]),
    Recipe(
      title: "A status in the body",
      messages: [
        Message(topic: "orders", body: #"{"tenant":"a","order":{"id":1,"state":"NEW"}}"#),
        Message(topic: "orders", body: #"{"tenant":"b","order":{"id":1,"state":"NEW"}}"#),
        Message(topic: "stock.events", body: #"{"tenant":"a","order":{"id":1,"state":"RESERVED"}}"#),
        Message(topic: "payment.events", body: #"{"tenant":"a","order":{"id":1},"approved":false}"#),
        Message(topic: "stock.events", body: #"{"tenant":"a","order":{"id":1,"state":"RELEASED"}}"#),
        Message(topic: "orders", body: #"{"tenant":"a","order":{"id":1,"state":"CANCELLED"}}"#),
      ],
      sagas: [
        "a/1": "order compensated: stock compensated, payment failed",
        "b/1": "order running: stock running, payment pending",
      ]),
    Recipe(
      title: "Eventuate Tram",
      messages: [
        tram("ValidateOrder", "s"), tram("ValidateOrder", "s", outcome: "SUCCESS"), tram("CreateTicket", "s"),
        tram("CreateTicket", "s", outcome: "SUCCESS"),
        tram("Authorize", "s"), tram("Authorize", "s", outcome: "FAILURE"), tram("CancelTicket", "s"),
        tram("RejectOrder", "s"),
      ], sagas: ["s": "CreateOrder compensated: validate completed, ticket compensated, authorize failed"]),
    Recipe(
      title: "CAP (.NET)",
      messages: [
        cap("order.placed", 7, 1), cap("stock.deducted", 7, 2), cap("payment.rejected", 7, 3),
        cap("stock.restored", 7, 4), cap("order.cancelled", 7, 5),
      ],
      sagas: [
        "7": "order compensated: stock compensated, payment failed",
        "c7": "order compensated: stock compensated, payment failed",
      ]),
    Recipe(
      title: "Axon",
      messages: [
        axon("OrderCreatedEvent", "o"), axon("StockReservedEvent", "o"), axon("PaymentTakenEvent", "o"),
        axon("OrderCompletedEvent", "o"),
      ],
      sagas: ["o": "order completed: stock completed, payment completed"]),
    Recipe(
      title: "MassTransit",
      messages: [
        massTransit("Shop:OrderSubmitted", #"{"orderId":1}"#, 1),
        massTransit("Shop:StockReserved", #"{"orderId":1}"#, 2),
        massTransit(
          "MassTransit:Fault[[Shop:TakePayment]]", #"{"message":{"orderId":1},"exceptions":[{"message":"declined"}]}"#,
          3),
        massTransit("Shop:StockReleased", #"{"orderId":1}"#, 4),
      ], sagas: ["1": "order compensated: stock compensated, payment failed"]),
    Recipe(
      title: "NServiceBus",
      messages: [
        nServiceBus("OrderPlaced", 1), nServiceBus("OrderBilled", 1), nServiceBus("ShipOrder", 1, topic: "error"),
        nServiceBus("BillingReversed", 1),
      ],
      sagas: ["1": "order compensated: bill compensated, ship failed"]),
    Recipe(
      title: "Rebus",
      messages: [
        rebus("OrderPlaced", 1), rebus("StockReserved", 1), rebus("TakePayment", 1, topic: "shop.payments"),
        rebus("TakePayment", 1, topic: "error"),
        rebus("StockReleased", 1),
      ], sagas: ["1": "order compensated: stock compensated, payment failed"]),
    Recipe(
      title: "Debezium's outbox",
      messages: [
        outbox("ORDER_CREATED", "ORDER.events", key: "o"),
        outbox("RESERVE_BALANCE_SUCCESSFULLY", "CUSTOMER.events", key: "o"),
        outbox("RESERVE_STOCK_FAILED", "PRODUCT.events", key: "o"),
        outbox("COMPENSATE_BALANCE", "CUSTOMER.events", key: "o"),
      ], sagas: ["o": "order compensated: balance compensated, stock failed"]),
    Recipe(
      title: "Conductor",
      messages: [
        conductor("workflow-status-events", "STARTED", "w", time: 1),
        conductor("task-status-events", "SCHEDULED", "w", task: "stock", time: 2),
        conductor("task-status-events", "COMPLETED", "w", task: "stock", time: 3),
        conductor("workflow-status-events", "COMPLETED", "w", time: 4),
      ], sagas: ["w": "order_fulfillment completed: stock completed"]),
    Recipe(
      title: "Amazon EventBridge",
      messages: [
        bridge("shop.orders", "Order Created", 1, 1), bridge("shop.stock", "Stock Reserved", 1, 2),
        bridge("shop.payments", "Payment Declined", 1, 3),
        bridge("shop.stock", "Stock Released", 1, 4),
      ], sagas: ["1": "order compensated: stock compensated, payment failed"]),
    Recipe(
      title: "CloudEvents",
      messages: [
        cloud("order.created", "o", "orders"), cloud("stock.reserved", "o", "stock"),
        cloud("payment.taken", "o", "payments"),
      ],
      sagas: ["o": "order completed: stock completed, payment completed"]),
    Recipe(
      title: "Spring Kafka with retries and dead letters",
      messages: [
        spring("order-created", 1), spring("stock-reserved", 1),
        spring("stock-reserved-retry-0", 1, [("kafka_exception-message", "timed out")]),
        spring("stock-reserved-dlt", 1, [("kafka_dlt-exception-message", "timed out")]), spring("order-created", 2),
        spring("stock-reserved", 2),
        spring("payment-completed", 2),
      ],
      sagas: [
        "2": "order completed: stock completed, payment completed",
        "1": "order failed: stock completed, payment failed",
      ]),
    Recipe(
      title: "FastStream and other topics in the imperative",
      messages: ["create-payment", "confirm-order", "create-delivery", "confirm-order-delivery"].map {
        Message(topic: $0, body: #"{"order_id":5}"#)
      }
        + [Message(topic: "create-payment", body: #"{"order_id":0}"#)],
      sagas: ["5": "order completed: payment completed, delivery completed"]),
    Recipe(
      title: "MicroProfile LRA and Camel's saga",
      messages: ["lra-started", "credit-reserved", "ticket-failed", "credit-refunded", "lra-cancelled"].map {
        lra($0, "1")
      },
      sagas: ["http://lra/1": "order compensated: credit compensated, ticket failed"]),
  ]
}
