import Core

/// Counts memory allocations during decoding and folding. The numbers are independent of machine and run. Fails if a number increases.
struct CountsBench {
  private static let orders = 20_000

  struct TooMany: Error, CustomStringConvertible {
    var description: String
  }

  func run(_ budgets: Budgets) throws {
    let messages = ShopMessages(Shop.events(orders: Self.orders))
    print("allocations for an event, \(messages.count) events")
    try check("decode", most: 0.03, budgets) { messages.decode { _ in } }
    try check("decode and fold, 100 sagas at once", most: 2.3, budgets) { Self.fold(messages) }
    let wide = ShopMessages(Shop.events(orders: Self.orders, atOnce: Self.orders))
    try check("decode and fold, \(Self.orders) sagas at once", most: 2.8, budgets) { Self.fold(wide) }
  }

  private static func fold(_ messages: ShopMessages) -> Int {
    let symbols = SymbolTable()
    let store = Shop.store(symbols)
    return messages.decode(symbols) { batch in store.accept(batch) }
  }

  private func check(_ name: String, most: Double, _ budgets: Budgets, _ body: () -> Int) throws {
    let before = Heap.allocations
    let events = body()
    let each = Double(Heap.allocations - before) / Double(events)
    print("  \(name): \((each * 1000).rounded() / 1000), budget \(most)")
    budgets.add("allocations for an event, \(name)", each, .atMost(most), by: "counts")
    guard each <= most else {
      throw TooMany(description: "\(name): \(each) allocations for an event, more than \(most)")
    }
  }
}
