import Testing

@testable import Demo

@Suite("The order book")
struct OrderBookTests {
  private func orders(_ book: OrderBook, _ count: Int = 500) -> [Order] { (0..<count).compactMap(book.order) }

  @Test("the same seed gives the same orders, another seed gives others")
  func determinism() {
    #expect(orders(OrderBook(seed: 7, rate: 20)) == orders(OrderBook(seed: 7, rate: 20)))
    #expect(orders(OrderBook(seed: 7, rate: 20)) != orders(OrderBook(seed: 8, rate: 20)))
  }

  @Test("the rate changes only the times of orders")
  func rate() {
    let (slow, fast) = (orders(OrderBook(seed: 7, rate: 1)), orders(OrderBook(seed: 7, rate: 100)))
    #expect(slow.map(\.id) == fast.map(\.id))
    #expect(slow.map(\.totalPrice) == fast.map(\.totalPrice))
    #expect(slow.map(\.userId) == fast.map(\.userId))
  }

  @Test("ids ascend from 1001 in the order of the orders, at the given rate", arguments: [0.5, 10, 333])
  func sequence(_ rate: Double) {
    let all = orders(OrderBook(seed: 3, rate: rate))
    #expect(all.map(\.id) == Array(1001...1500))
    #expect(zip(all, all.dropFirst()).allSatisfy { $0.scheduledMilliseconds <= $1.scheduledMilliseconds })
    for (index, order) in all.enumerated() {
      let interval = 1000 / rate
      #expect(abs(Double(order.scheduledMilliseconds) - Double(index) * interval) <= interval + 1)
    }
  }

  @Test("about one card in twenty-five is declined, always the same ones")
  func declines() {
    let book = OrderBook(seed: 7, rate: 10)
    let declined = (1001...6000).filter { book.declineReason($0) != nil }
    #expect((150...250).contains(declined.count))
    #expect(declined == (1001...6000).filter { OrderBook(seed: 7, rate: 99).declineReason($0) != nil })
  }

  @Test("ordering stops at the limit")
  func limit() {
    let book = OrderBook(seed: 1, rate: 10, limit: 3)
    #expect(orders(book).count == 3)
    #expect(book.order(3) == nil)
  }

  @Test("a hundred customers order the last unit concurrently, and no card is declined")
  func lastUnit() {
    let book = OrderBook(seed: 1, rate: 10, scenario: .lastUnit)
    let all = orders(book)
    #expect(all.count == 100)
    #expect(Set(all.map(\.scheduledMilliseconds)).count == 1)
    #expect(Set(all.map(\.product.id)) == [Product.lastUnit])
    #expect(all.allSatisfy { book.declineReason($0.id) == nil && $0.quantity == 1 })
  }

  @Test("a foreign id is handled", arguments: [Int.min, -1, 0, Int.max])
  func strangeIds(_ id: Int) {
    let book = OrderBook(seed: 1, rate: 0.01)
    #expect(book.scheduled(id) >= 0)
    _ = book.declineReason(id)
  }
}
