@testable import Core

/// The choreographed order saga of a web shop. Most tests use it.
enum ShopFixture {
  static let order = SagaDefinition(
    type: "order",
    identities: [
      .init(name: "orderId", sources: [.path(["orderId"])]), .init(name: "trace", sources: [.header("trace")]),
    ],
    steps: [
      StepDefinition(name: "order"), StepDefinition(name: "inventory", deadline: .seconds(10)),
      StepDefinition(name: "payment", deadline: .seconds(30)), StepDefinition(name: "delivery"),
    ],
    events: [
      EventRule(type: "order-created", startsSaga: true, effects: [.init(.completes, .named("order"))]),
      EventRule(type: "inventory-reserved", effects: [.init(.completes, .named("inventory"))]),
      EventRule(type: "inventory-failed", effects: [.init(.fails, .named("inventory"))]),
      EventRule(type: "payment-completed", effects: [.init(.completes, .named("payment"))]),
      EventRule(type: "payment-failed", effects: [.init(.fails, .named("payment"))]),
      EventRule(type: "inventory-released", effects: [.init(.compensates, .named("inventory"))]),
      EventRule(type: "order-cancelled", effects: [.init(.compensates, .named("order"))], ends: .compensated),
      EventRule(type: "delivery-started", effects: [.init(.begins, .named("delivery"))]),
      EventRule(type: "delivery-completed", effects: [.init(.completes, .named("delivery"))], ends: .completed),
    ])

  /// An orchestrated saga with generic events that contain the step's name.
  static let orchestrated = SagaDefinition(
    type: "booking", coordination: .orchestration,
    identities: [
      .init(name: "sagaId", sources: [.path(["sagaId"])]),
      .init(name: "correlationId", sources: [.path(["correlationId"])]),
    ],
    steps: [StepDefinition(name: "payment"), StepDefinition(name: "confirmation")],
    events: [
      EventRule(type: "SagaStarted", startsSaga: true),
      EventRule(type: "SagaStepStarted", effects: [.init(.begins, .carried)]),
      EventRule(type: "SagaStepCompleted", effects: [.init(.completes, .carried)]),
      EventRule(type: "SagaFailed", effects: [.init(.fails, .carried)], startsCompensation: true),
      EventRule(type: "SagaStepCompensated", effects: [.init(.compensates, .carried)]),
      EventRule(type: "SagaCompensationFailed", effects: [.init(.compensationFails, .carried)], ends: .failed),
      EventRule(type: "SagaCompensated", effects: [.init(.compensates, .carried)], ends: .compensated),
      EventRule(type: "SagaCompleted", effects: [.init(.completes, .carried)], ends: .completed),
    ])

  /// A choreography with parallel and optional steps and a timeout. No event ends it explicitly.
  static let trip = SagaDefinition(
    type: "trip",
    identities: [
      .init(name: "tripId", sources: [.path(["tripId"])]), .init(name: "trace", sources: [.header("trace")]),
    ],
    steps: [
      StepDefinition(name: "flight"), StepDefinition(name: "hotel", isParallel: true),
      StepDefinition(name: "insurance", isOptional: true), StepDefinition(name: "payment"),
    ],
    events: [
      EventRule(type: "TripAsked", startsSaga: true),
      EventRule(type: "FlightBooked", effects: [.init(.completes, .named("flight"))]),
      EventRule(type: "HotelBooked", effects: [.init(.completes, .named("hotel"))]),
      EventRule(type: "Insured", effects: [.init(.completes, .named("insurance"))]),
      EventRule(type: "PaymentBegun", effects: [.init(.begins, .named("payment"))]),
      EventRule(type: "Paid", effects: [.init(.completes, .named("payment"))]),
      EventRule(type: "HotelFull", effects: [.init(.fails, .named("hotel"))]),
      EventRule(type: "PaymentFailed", effects: [.init(.fails, .named("payment"))]),
      EventRule(type: "PaymentTimeout", effects: [.init(.timesOut, .named("payment"))]),
      EventRule(type: "FlightCancelled", effects: [.init(.compensates, .named("flight"))]),
      EventRule(type: "HotelCancelled", effects: [.init(.compensates, .named("hotel"))]),
      EventRule(type: "Refunded", effects: [.init(.compensates, .named("payment"))]),
      EventRule(type: "Withdrawn", ends: .declined),
    ])

  static let system = SystemDefinition(name: "shop", topics: ["*"], sagas: [order, orchestrated])

  /// 2026-01-27 10:00:00 UTC.
  static let start = Timestamp(milliseconds: 1_769_508_000_000)

  static func time(_ milliseconds: Int64) -> Timestamp {
    start + .milliseconds(milliseconds)
  }
}

/// Makes events. Each one gets the next offset of its topic. The topic is the event's type by default.
struct EventMaker {
  let symbols = SymbolTable()
  private var offset: Int64 = 0

  mutating func event(
    _ type: String, at milliseconds: Int64, id: String = "1", identity: UInt8 = 0, more: [SagaKey] = [],
    definition: UInt16 = 0, node: String = "", steps: [String] = [], error: String? = nil, topic: String? = nil,
    fingerprint: UInt64 = 0, product: String? = nil
  ) -> Event {
    offset += 1
    let link = SagaLink(
      definition: definition, key: SagaKey(identity: identity, value: id), otherKeys: more,
      steps: steps.map { symbols.symbol($0) }, error: error, product: product)
    return Event(
      type: symbols.symbol(type), time: ShopFixture.time(milliseconds),
      origin: Origin(topic: symbols.symbol(topic ?? type), partition: 0, offset: offset), node: symbols.symbol(node),
      fingerprint: fingerprint, link: link)
  }

  func store(_ sagas: [SagaDefinition]) -> Store {
    Store(
      SystemDefinition(name: "test", topics: ["*"], sagas: sagas), context: .init(name: "test"), symbols: symbols,
      now: { ShopFixture.start })
  }

  func store(limits: StoreLimits = StoreLimits(), now: Int64 = 0) -> Store {
    Store(
      ShopFixture.system, context: .init(name: "test"), limits: limits, symbols: symbols,
      now: { ShopFixture.time(now) })
  }
}

extension Store {
  func row(_ id: String, at milliseconds: Int64 = 0) -> SagaRow? {
    find(id: id).flatMap { saga($0, now: ShopFixture.time(milliseconds)) }?.row
  }
}
