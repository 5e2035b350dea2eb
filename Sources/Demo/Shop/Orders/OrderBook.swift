/// All orders and their outcomes: a function of the seed and the order number, independent of timing.
struct OrderBook: Equatable {
  static let firstId = 1001
  /// When the orders of `last-unit` arrive, in milliseconds: late enough for all consumers to have joined their groups.
  static let crowdMilliseconds = 3000
  static let crowd = 100

  let chance: SeededChance
  /// Orders per second.
  let rate: Double
  let scenario: Scenario?
  /// Maximum number of orders; `nil` for no limit.
  let limit: Int?

  init(seed: UInt64, rate: Double, scenario: Scenario? = nil, limit: Int? = nil) {
    chance = SeededChance(seed: seed)
    self.rate = rate
    self.scenario = scenario
    self.limit = scenario == .lastUnit ? min(limit ?? Self.crowd, Self.crowd) : limit
  }

  /// The order with this index (from 0); `nil` after the last one.
  func order(_ index: Int) -> Order? {
    if let limit, index >= limit { return nil }
    let id = Self.firstId + index
    let product =
      scenario == .lastUnit
      ? Product.catalogue.first { $0.id == Product.lastUnit }
      : Product.catalogue[chance.pick(0...Product.catalogue.count - 1, id, "product")]
    guard let product else { return nil }
    return Order(
      id: id, scheduledMilliseconds: scheduled(id), userId: chance.pick(1...500, id, "user"), product: product,
      quantity: scenario == .lastUnit ? 1 : chance.pick(1...3, id, "quantity"))
  }

  /// When the order is placed, in milliseconds since the shop opened: at even intervals with a seeded jitter of up to one interval.
  /// Unknown ids count as placed at the start.
  func scheduled(_ orderId: Int) -> Int {
    if scenario == .lastUnit { return Self.crowdMilliseconds }
    let index = Double(orderId) - Double(Self.firstId)
    let moment = (index + chance.fraction(orderId, "arrival")) / rate * 1000
    return index < 0 ? 0 : Int(min(moment, 1e15))
  }

  /// Why the card of this order is declined; `nil` if it is accepted. About one in twenty-five is declined.
  func declineReason(_ orderId: Int) -> String? {
    guard scenario != .lastUnit, chance.fraction(orderId, "decline") < 0.04 else { return nil }
    return Self.declineReasons[chance.pick(0...Self.declineReasons.count - 1, orderId, "reason")]
  }

  /// Whether the first payment call of this order times out while the fault `payment-flaky` is active. One in ten does, too few to open
  /// the circuit.
  func isFlaky(_ orderId: Int) -> Bool { chance.fraction(orderId, "flaky") < 0.1 }

  /// Whether this event of the order is published twice while the fault `duplicates` is active.
  func isDuplicated(_ orderId: Int, _ topic: Topic) -> Bool {
    chance.fraction(orderId, "duplicate " + topic.rawValue) < 0.1
  }

  /// Whether this event of the order is published late while the fault `reorder` is active. Only events that no service waits for can be
  /// overtaken by a later one.
  func isLate(_ orderId: Int, _ topic: Topic) -> Bool {
    (topic == .deliveryStarted || topic == .inventoryReleased)
      && chance.fraction(orderId, "late " + topic.rawValue) < 0.25
  }

  private static let declineReasons = [
    "card declined: insufficient funds (code 51)",
    "card declined: expired card (code 54)",
    "card declined: limit exceeded (code 61)",
    "card declined: suspected fraud (code 59)",
  ]
}

/// A customer order, as the web front end passes it to the order service.
struct Order: Equatable {
  let id: Int
  /// When it is placed, in milliseconds since the shop opened.
  let scheduledMilliseconds: Int
  let userId: Int
  let product: Product
  let quantity: Int

  /// In won.
  var totalPrice: Int { product.price * quantity }
}

/// A product of the shop.
struct Product: Equatable {
  let id: Int
  let name: String
  /// In won.
  let price: Int

  static let catalogue = [
    Product(id: 1, name: "무선 기계식 키보드", price: 129_000),
    Product(id: 2, name: "Ergonomic Mouse", price: 59_900),
    Product(id: 3, name: "27인치 모니터", price: 349_000),
    Product(id: 4, name: "USB-C 허브 (7포트)", price: 45_500),
    Product(id: 5, name: "Noise Cancelling Headphones", price: 289_000),
    Product(id: 6, name: "한정판 원두 커피 1kg", price: 32_000),
    Product(id: 7, name: "Standing Desk", price: 512_000),
    Product(id: 8, name: "노트북 파우치", price: 27_900),
  ]

  /// Products without stock during `stock-out`.
  static let scarce: Set<Int> = [2, 4, 6]
  /// `lock-leak` leaks the lock of this product.
  static let leaked = 1
  /// `last-unit` sells the last unit of this product.
  static let lastUnit = 6
}
