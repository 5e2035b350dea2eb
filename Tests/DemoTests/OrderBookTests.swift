import Testing

@testable import Demo

@Suite("The order book")
struct OrderBookTests {
  private func orders(_ book: OrderBook, _ count: Int = 500) -> [Order] { (0..<count).compactMap(book.order) }

  @Test("the same seed gives the same orders, another seed others")
  func determinism() {
    #expect(orders(OrderBook(seed: 7, rate: 20)) == orders(OrderBook(seed: 7, rate: 20)))
    #expect(orders(OrderBook(seed: 7, rate: 20)) != orders(OrderBook(seed: 8, rate: 20)))
  }

  @Test("the rate moves orders in time and changes nothing else about them")
  func rate() {
    let (slow, fast) = (orders(OrderBook(seed: 7, rate: 1)), orders(OrderBook(seed: 7, rate: 100)))
    #expect(slow.map(\.id) == fast.map(\.id))
    #expect(slow.map(\.totalPrice) == fast.map(\.totalPrice))
    #expect(slow.map(\.userId) == fast.map(\.userId))
  }

  @Test("ids count up from 1001 and orders come in the order of their ids, at the rate", arguments: [0.5, 10, 333])
  func sequence(_ rate: Double) {
    let all = orders(OrderBook(seed: 3, rate: rate))
    #expect(all.map(\.id) == Array(1001...1500))
    #expect(zip(all, all.dropFirst()).allSatisfy { $0.scheduledMilliseconds <= $1.scheduledMilliseconds })
    for (index, order) in all.enumerated() {
      let interval = 1000 / rate
      #expect(abs(Double(order.scheduledMilliseconds) - Double(index) * interval) <= interval + 1)
    }
  }

  @Test("about one card in twenty-five is declined, the same ones at every asking")
  func declines() {
    let book = OrderBook(seed: 7, rate: 10)
    let declined = (1001...6000).filter { book.declineReason($0) != nil }
    #expect((150...250).contains(declined.count))
    #expect(declined == (1001...6000).filter { OrderBook(seed: 7, rate: 99).declineReason($0) != nil })
  }

  @Test("ordering ends after the limit")
  func limit() {
    let book = OrderBook(seed: 1, rate: 10, limit: 3)
    #expect(orders(book).count == 3)
    #expect(book.order(3) == nil)
  }

  @Test("for the last unit a hundred customers come at once and no card is declined")
  func lastUnit() {
    let book = OrderBook(seed: 1, rate: 10, scenario: .lastUnit)
    let all = orders(book)
    #expect(all.count == 100)
    #expect(Set(all.map(\.scheduledMilliseconds)).count == 1)
    #expect(Set(all.map(\.product.id)) == [Product.lastUnit])
    #expect(all.allSatisfy { book.declineReason($0.id) == nil && $0.quantity == 1 })
  }

  @Test("an id from outside is asked about without harm", arguments: [Int.min, -1, 0, Int.max])
  func strangeIds(_ id: Int) {
    let book = OrderBook(seed: 1, rate: 0.01)
    #expect(book.scheduled(id) >= 0)
    _ = book.declineReason(id)
  }
}
