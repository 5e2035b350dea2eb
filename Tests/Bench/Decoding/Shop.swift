import Core

/// A choreographed shop: its definition, and its services' messages of about 400 bytes each.
enum Shop {
  static let system = SystemDefinition(
    name: "shop", topics: ["*"],
    fields: EventFields(
      type: [.topic], time: [.path(["timestamp"])], id: [.path(["eventId"])], node: [.header("node")]),
    sagas: [
      SagaDefinition(
        type: "order", identities: [.init(name: "orderId", sources: [.path(["orderId"])])],
        steps: ["order", "inventory", "payment", "delivery"].map { StepDefinition(name: $0) },
        events: [
          EventRule(type: "order-created", startsSaga: true, effects: [.init(.completes, .named("order"))]),
          EventRule(type: "inventory-reserved", effects: [.init(.completes, .named("inventory"))]),
          EventRule(type: "payment-completed", effects: [.init(.completes, .named("payment"))]),
          EventRule(type: "payment-failed", effects: [.init(.fails, .named("payment"))]),
          EventRule(type: "inventory-released", effects: [.init(.compensates, .named("inventory"))]),
          EventRule(type: "order-cancelled", effects: [.init(.compensates, .named("order"))], ends: .compensated),
          EventRule(type: "delivery-started", effects: [.init(.begins, .named("delivery"))]),
          EventRule(type: "delivery-completed", effects: [.init(.completes, .named("delivery"))], ends: .completed),
        ], errorSources: [.path(["reason"])])
    ])

  static let topics = system.sagas[0].events.map(\.type)

  private static let good = [
    "order-created", "inventory-reserved", "payment-completed", "delivery-started", "delivery-completed",
  ]
  private static let bad = [
    "order-created", "inventory-reserved", "payment-failed", "inventory-released", "order-cancelled",
  ]

  struct Written {
    var topic: Int
    var body: String
    var key: String
  }

  /// One hour after the first event.
  static let now = Timestamp(milliseconds: 1_769_508_000_000 + 3_600_000)

  static func store(_ symbols: SymbolTable, limits: StoreLimits = StoreLimits()) -> Store {
    let store = Store(system, context: .init(name: "bench"), limits: limits, symbols: symbols, now: { now })
    // No saga is late while a source is catching up.
    store.accept(SourceStatus(.kafka, phase: .catchingUp))
    return store
  }

  /// The status of a source that has read everything.
  static var upToDate: SourceStatus {
    var status = SourceStatus(.kafka, phase: .up)
    status.isComplete = true
    status.lastSuccess = now
    return status
  }

  static func events(orders: Int, atOnce: Int = 100) -> [Written] {
    events(orders: 0..<orders, atOnce: atOnce, steps: 5)
  }

  /// The first `steps` of five events per saga. One saga in ten is compensated. The events of `atOnce` sagas are interleaved.
  static func events(orders: Range<Int>, atOnce: Int = 100, steps: Int) -> [Written] {
    var events: [Written] = []
    for first in stride(from: orders.lowerBound, to: orders.upperBound, by: atOnce) {
      for step in 0..<steps {
        for order in first..<min(first + atOnce, orders.upperBound) {
          let type = (order % 10 == 3 ? bad : good)[step]
          events.append(
            Written(topic: topics.firstIndex(of: type) ?? 0, body: body(order, step, type), key: "\(order)"))
        }
      }
    }
    return events
  }

  private static func body(_ order: Int, _ step: Int, _ type: String) -> String {
    let reason = type == "payment-failed" ? #""reason":"card declined","# : ""
    let id = order * 5 + step
    return #"{"eventId":"5f0c9a3e-8d1b-4c57-9a2e-\#(String(100_000_000_000 + id))","eventType":"\#(type)","version":1,"#
      + #""timestamp":"2026-01-27T10:\#(two(order / 60 % 60)):\#(two(order % 60)).\#(100 + step)Z","orderId":\#(order),"#
      + #""userId":\#(order % 997),"productId":\#(order % 31),"productName":"Mechanical keyboard, 87 keys, brown","#
      + #""quantity":\#(1 + order % 3),"unitPrice":89000.00,"totalPrice":178000.00,"currency":"KRW",\#(reason)"#
      + #""customer":{"name":"Kim Minji","email":"minji.kim@example.com","phone":"+82-10-1234-5678"}}"#
  }

  private static func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
}
