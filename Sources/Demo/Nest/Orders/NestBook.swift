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
