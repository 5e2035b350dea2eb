/// All orders there will be, and how they fare: a function of the seed, the order's number and the attempt, never of timing.
struct NestBook: Equatable {
  let chance: SeededChance
  /// Orders per second.
  let rate: Double
  /// How many orders there will be; nil for no end.
  let limit: Int?

  init(seed: UInt64, rate: Double, limit: Int? = nil) {
    chance = SeededChance(seed: seed)
    self.rate = rate
    self.limit = limit
  }

  /// The order of that number from 0, or nil past the last.
  func order(_ number: Int) -> NestOrder? {
    if let limit, number >= limit { return nil }
    return order(
      number, placed: chance.arrival(number, perSecond: rate), userId: "user-\(chance.pick(1...500, number, "user"))",
      items: items(number), address: Self.addresses[chance.pick(0...Self.addresses.count - 1, number, "address")])
  }

  /// An order with the ids that belong to its number.
  func order(
    _ number: Int, placed: Int, userId: String, items: [NestOrder.Item], address: String
  ) -> NestOrder {
    NestOrder(
      number: number, id: chance.uuid(number, "order"), correlationId: chance.uuid(number, "correlation"),
      placedMilliseconds: placed, userId: userId, items: items, shippingAddress: address)
  }

  /// Why this attempt at payment fails, or nil when it does not; one in five does.
  func declineReason(_ number: Int, attempt: Int) -> String? {
    chance.fraction(number, "decline \(attempt)") < 0.2 ? "Insufficient funds or card declined" : nil
  }

  /// Why the first attempt at a step throws, or nil when it does not; one confirmation in twelve does, and one payment in forty.
  func stepFailure(_ number: Int, _ step: NestSaga.Step, saga: String) -> String? {
    let share = step == .payment ? 0.025 : 0.083
    guard chance.fraction(number, "fail " + step.rawValue) < share else { return nil }
    return step == .payment
      ? "Failed to acquire lock: saga_step:\(saga):\(step.rawValue)"
      : "could not obtain lock on row in relation \"orders\""
  }

  /// Why undoing the steps of a failed saga throws, or nil when it does not; one in four does.
  func compensationFailure(_ number: Int) -> String? {
    chance.fraction(number, "undo") < 0.25 ? "Compensation failed: deadlock detected" : nil
  }

  /// Whether the first payment call for this order gets no answer while the gateway is flaky.
  func isFlaky(_ number: Int) -> Bool { chance.fraction(number, "flaky") < 0.1 }

  /// Whether this event of the order is published twice while there are duplicates.
  func isDuplicated(_ number: Int, _ type: String) -> Bool { chance.fraction(number, "duplicate " + type) < 0.1 }

  /// Whether this event of the order is published late while events are reordered. Nobody waits for events: a coordinator
  /// does the work, and publishes meanwhile.
  func isLate(_ number: Int, _ type: String) -> Bool { chance.fraction(number, "late " + type) < 0.25 }

  private func items(_ number: Int) -> [NestOrder.Item] {
    (0...chance.pick(0...2, number, "items")).map { place in
      let product = chance.pick(1...Self.prices.count, number, "product \(place)")
      return NestOrder.Item(
        productId: "product-\(product)", quantity: chance.pick(1...3, number, "quantity \(place)"),
        price: Self.prices[product - 1])
    }
  }

  private static let prices = [129_000, 59_900, 349_000, 45_500, 289_000, 32_000, 512_000, 27_900]
  private static let addresses = ["서울특별시 중구 세종대로 110", "부산광역시 연제구 중앙대로 1001", "221B Baker Street, London"]
}

/// One customer's order as the nest's API takes it.
struct NestOrder: Equatable {
  struct Item: Equatable {
    let productId: String
    let quantity: Int
    /// In won.
    let price: Int

    var productName: String { "Product " + (productId.split(separator: "-").last ?? "") }

    var json: JSON {
      .members([
        "productId": .string(productId), "productName": .string(productName), "quantity": .integer(quantity),
        "price": .integer(price),
      ])
    }
  }

  /// Tells orders apart for chance: small for those of the book, large for those that came over HTTP.
  let number: Int
  let id: String
  let correlationId: String
  /// When it is placed, in milliseconds since the nest opened.
  let placedMilliseconds: Int
  let userId: String
  let items: [Item]
  let shippingAddress: String

  /// In won.
  var totalAmount: Int { items.reduce(0) { $0 &+ $1.price &* $1.quantity } }
}

/// One line of the nest's ledger, with all of these members:
///
/// * `time`: the event's own time, milliseconds since 1970; the same as its Kafka timestamp.
/// * `sagaId`, `correlationId`, `orderId`: whose it is; the saga's is null before it began.
/// * `event`: the event's type; null for what no event tells.
/// * `node`: who did it.
/// * `step`, `effect`: what it did to which step: `started` (the saga), `completed`, `failed`, `compensated`,
///   `compensationFailed`; without an event `stalled` (nobody goes on), `retried`, and `action` (an operator's call).
/// * `error`: why it failed; null without a reason.
/// * `business`: how the customer's order stands from then on: `open`, `confirmed`, `declined` (payment refused, order cancelled),
///   `undone` (rolled back) or `stranded` (the roll-back failed, a person has to see to it). The coordinator's events contradict it
///   where it completes a saga that it has rolled back. Null without an event.
/// * `attempt`: the saga's attempts at going forward so far.
/// * `action`, `key`, `outcome`: of an operator's call, else null: `retry` or `compensate`, its idempotency key, and
///   `accepted`, `repeated` (the key was known: nothing was done again), `refused` or `unavailable`.
/// * `duplicate`: true when the same event had been sent before.
/// * `topic`, `partition`, `offset`: where it lies in Kafka; null without an event.
///
/// A line is written when the broker has the event.
struct NestEntry {
  struct Action {
    let kind: OperatorAction
    let key: String?
    let outcome: String
  }

  let time: Int64
  let order: NestOrder?
  let sagaId: String?
  let node: String?
  let attempt: Int
  var event: String?
  var step: String?
  var effect: String?
  var error: String?
  var business: NestEvent.Business?
  var action: Action?
  var isDuplicate = false
  var topic: String?
  var delivery: Delivery?

  var line: JSON {
    .members([
      "time": .number(String(time)), "sagaId": .optional(sagaId), "correlationId": .optional(order?.correlationId),
      "orderId": .optional(order?.id), "event": .optional(event), "node": .optional(node), "step": .optional(step),
      "effect": .optional(effect), "error": .optional(error),
      "business": .optional(business?.rawValue), "attempt": .integer(attempt),
      "action": .optional(action?.kind.rawValue), "key": .optional(action?.key),
      "outcome": .optional(action?.outcome), "duplicate": .bool(isDuplicate), "topic": .optional(topic),
      "partition": delivery.map { .number(String($0.partition)) } ?? .null,
      "offset": delivery.map { .number(String($0.offset)) } ?? .null,
    ])
  }
}
