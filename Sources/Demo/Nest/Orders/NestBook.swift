/// All orders and their outcomes: a function of the seed, the order number and the attempt, independent of timing.
struct NestBook: Equatable {
  let chance: SeededChance
  /// Orders per second.
  let rate: Double
  /// Maximum number of orders; `nil` for no limit.
  let limit: Int?

  init(seed: UInt64, rate: Double, limit: Int? = nil) {
    chance = SeededChance(seed: seed)
    self.rate = rate
    self.limit = limit
  }

  /// The order with this number (from 0); `nil` after the last one.
  func order(_ number: Int) -> NestOrder? {
    if let limit, number >= limit { return nil }
    return order(
      number, placed: chance.arrival(number, perSecond: rate), userId: "user-\(chance.pick(1...500, number, "user"))",
      items: items(number), address: Self.addresses[chance.pick(0...Self.addresses.count - 1, number, "address")])
  }

  /// An order with ids derived from its number.
  func order(
    _ number: Int, placed: Int, userId: String, items: [NestOrder.Item], address: String
  ) -> NestOrder {
    NestOrder(
      number: number, id: chance.uuid(number, "order"), correlationId: chance.uuid(number, "correlation"),
      placedMilliseconds: placed, userId: userId, items: items, shippingAddress: address)
  }

  /// Why this payment attempt fails; `nil` if it succeeds. One in five fails.
  func declineReason(_ number: Int, attempt: Int) -> String? {
    chance.fraction(number, "decline \(attempt)") < 0.2 ? "Insufficient funds or card declined" : nil
  }

  /// Why the first attempt of a step throws; `nil` if it succeeds. One confirmation in twelve and one payment in forty throw.
  func stepFailure(_ number: Int, _ step: NestSaga.Step, saga: String) -> String? {
    let share = step == .payment ? 0.025 : 0.083
    guard chance.fraction(number, "fail " + step.rawValue) < share else { return nil }
    return step == .payment
      ? "Failed to acquire lock: saga_step:\(saga):\(step.rawValue)"
      : "could not obtain lock on row in relation \"orders\""
  }

  /// Why the compensation of a failed saga throws; `nil` if it succeeds. One in four throws.
  func compensationFailure(_ number: Int) -> String? {
    chance.fraction(number, "undo") < 0.25 ? "Compensation failed: deadlock detected" : nil
  }

  /// Whether the first payment call of this order gets no response while the fault `payment-flaky` is active.
  func isFlaky(_ number: Int) -> Bool { chance.fraction(number, "flaky") < 0.1 }

  /// Whether this event of the order is published twice while the fault `duplicates` is active.
  func isDuplicated(_ number: Int, _ type: String) -> Bool { chance.fraction(number, "duplicate " + type) < 0.1 }

  /// Whether this event of the order is published late while the fault `reorder` is active. The coordinator does not wait for events, so
  /// any event can be late.
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

/// A customer order as the nest's API accepts it.
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

  /// Input for the random choices: small for orders of the book, large for orders received over HTTP.
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

/// One line of the nest's ledger. It is written after the broker has acknowledged the event. All members:
///
/// * `time`: the event's own time, milliseconds since 1970; the same as its Kafka timestamp.
/// * `sagaId`, `correlationId`, `orderId`: the ids of the saga; `sagaId` is null before the saga starts.
/// * `event`: the event type; null if there is no event.
/// * `node`: the node that did the work.
/// * `step`, `effect`: the effect on the step: `started` (the saga), `completed`, `failed`, `compensated`, `compensationFailed`; without
///   an event `stalled` (processing has stopped), `retried`, and `action` (an operator's call).
/// * `error`: why it failed; null without a reason.
/// * `business`: the resulting state of the customer's order: `open`, `confirmed`, `declined` (payment declined, order cancelled),
///   `undone` (compensated) or `stranded` (the compensation failed, manual work is required). The coordinator's events contradict it if
///   the coordinator completes a saga that it has compensated. Null without an event.
/// * `attempt`: number of forward attempts of the saga so far.
/// * `action`, `key`, `outcome`: of an operator's call, otherwise null: `retry` or `compensate`, its idempotency key, and `accepted`,
///   `repeated` (the key was known: no work was done), `refused` or `unavailable`.
/// * `duplicate`: true if the same event was sent before.
/// * `topic`, `partition`, `offset`: its position in Kafka; null without an event.
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
