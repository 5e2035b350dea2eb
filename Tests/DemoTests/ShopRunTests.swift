import Glibc
import Testing

@testable import Demo

@Suite("The shop", .serialized)
struct ShopRunTests {
  /// Publishes as an operator and waits for the broker's acknowledgement.
  private func publish(_ topic: Topic, _ orderId: Int, _ body: JSON, key: String? = nil, at bootstrap: String) throws {
    let loop = EventLoop()
    let handle = try KafkaHandle(
      .producer, name: "operator", settings: ["bootstrap.servers": bootstrap], events: [.deliveries])
    let producer = try KafkaProducer(handle, loop: loop)
    var failure: KafkaFailure?
    let publication = Publication(
      topic: topic.rawValue, key: "\(orderId)", value: Array(body.text.utf8),
      headers: key.map { [KafkaMessage.Header(name: "idempotency-key", value: $0)] } ?? [],
      timestamp: Clock.epochMilliseconds())
    producer.publish(publication) { result in
      if case .failure(let reason) = result { failure = reason }
      loop.stop()
    }
    loop.run()
    if let failure { throw failure }
  }

  private func isEnded(_ events: [String]) -> Bool {
    guard events.contains("order-cancelled") else { return events.contains("delivery-completed") }
    return events.contains("inventory-failed") || events.contains("inventory-released")
  }

  @Test("all of fifty orders end as the seed determines, each event occurs once, and no lock is left")
  func fiftyOrders() throws {
    let shop = try RunningDemo(["--seed", "7", "--rate", "50", "--orders", "50", "--fault", "duplicates"])
    let ids = Array(1001...1050)
    try shop.wait("every order to end") { ids.allSatisfy { isEnded(shop.events(of: $0)) } }
    let book = OrderBook(seed: 7, rate: 50)
    for id in ids {
      let paid = ["delivery-completed", "delivery-started", "inventory-reserved", "order-created", "payment-completed"]
      let declined = ["inventory-released", "inventory-reserved", "order-cancelled", "order-created", "payment-failed"]
      let reason = book.declineReason(id)
      #expect(shop.events(of: id).sorted() == (reason == nil ? paid : declined), "order \(id)")
      let errors = shop.ledger.filter { $0.orderId == id && $0.event == "payment-failed" }.map(\.error)
      #expect(Set(errors).subtracting([reason]).isEmpty)
    }
    #expect(!shop.ledger.filter(\.isDuplicate).isEmpty)
    let positions = shop.ledger.filter { $0.event != nil }.map {
      [$0.json["topic"], $0.json["partition"], $0.json["offset"]].map { $0?.text }
    }
    #expect(Set(positions).count == positions.count)
    let locks = try RedisConnection(port: shop.redisPort).send(["KEYS", "*lock*"])
    #expect(locks == .array([]))
    #expect(shop.end(SIGTERM) == 128 + SIGTERM)
  }

  @Test("a repeated input event retries a timed-out payment; payment-failed compensates one instead")
  func operatorActions() throws {
    let shop = try RunningDemo(["--seed", "7", "--rate", "50", "--orders", "60", "--fault", "payment-flaky"])
    let book = OrderBook(seed: 7, rate: 50)
    let flaky = (1001...1060).filter { book.isFlaky($0) && book.declineReason($0) == nil }
    let (retried, compensated) = try (#require(flaky.first), #require(flaky.dropFirst().first))
    for id in [retried, compensated] {
      try shop.wait("the payment of \(id) to time out") {
        shop.ledger.contains { $0.orderId == id && $0.json["effect"] == .string("stalled") }
      }
    }
    #expect(!shop.events(of: retried).contains("payment-completed"))
    let input: JSON = .members(["orderId": .integer(retried), "totalPrice": .won(1000)])
    try publish(.inventoryReserved, retried, input, at: shop.bootstrap)
    let order: JSON = .members(["orderId": .integer(compensated), "reason": .string("operator")])
    try publish(.paymentFailed, compensated, order, at: shop.bootstrap)
    try shop.wait("the retried order to be delivered") { shop.events(of: retried).contains("delivery-completed") }
    try shop.wait("the compensated order to be undone") {
      Set(shop.events(of: compensated)).isSuperset(of: ["inventory-released", "order-cancelled"])
    }
  }

  @Test("a retry sent twice with the same key pays once; another key is a new retry, but nothing is paid twice")
  func sameKey() throws {
    let shop = try RunningDemo(["--seed", "7", "--rate", "50", "--orders", "60", "--fault", "payment-flaky"])
    let book = OrderBook(seed: 7, rate: 50)
    let id = try #require((1001...1060).first { book.isFlaky($0) && book.declineReason($0) == nil })
    func lines(_ effect: String) -> [RunningDemo.Line] {
      shop.ledger.filter { $0.orderId == id && $0.json["effect"] == .string(effect) }
    }
    try shop.wait("the payment to time out") { !lines("stalled").isEmpty }
    for key in ["intent-1", "intent-1", "intent-2"] {
      try publish(.inventoryReserved, id, .members(["orderId": .integer(id)]), key: key, at: shop.bootstrap)
      try shop.wait("the shop's word on \(key)") {
        lines("requested").contains { $0.json["key"] == .string(key) }
          && shop.events(of: id).contains("payment-completed")
      }
    }
    try shop.wait("the repetition to be told") { !lines("repeated").isEmpty }
    try shop.wait("the delivery") { shop.events(of: id).contains("delivery-completed") }
    #expect(lines("repeated").map { $0.json["key"] } == [.string("intent-1")])
    #expect(lines("requested").map { $0.json["key"] } == [.string("intent-1"), .string("intent-2")])
    #expect(lines("attempted").map { $0.json["attempt"] } == [.integer(1), .integer(2)])
    #expect(shop.events(of: id).filter { $0 == "payment-completed" }.count == 1)
  }

  @Test("of a hundred orders for the last unit one completes, ninety-nine are cancelled, and no stock is left")
  func lastUnit() throws {
    let shop = try RunningDemo(["--scenario", "last-unit"])
    let ids = Array(1001...1100)
    try shop.wait("every order to end") { ids.allSatisfy { isEnded(shop.events(of: $0)) } }
    let completed = ids.filter { shop.events(of: $0).contains("delivery-completed") }
    let failed = ids.filter { shop.events(of: $0).contains("inventory-failed") }
    #expect(completed.count == 1)
    #expect(failed.count == 99)
    let redis = RedisConnection(port: shop.redisPort)
    let stock = try redis.send(["GET", "inventory:stock:\(Product.lastUnit)"])
    let locks = try redis.send(["EXISTS", InventoryWorker.lockKey(Product.lastUnit)])
    #expect(stock == .text("0"))
    #expect(locks == .integer(0))
  }

  @Test("no process survives a killed shop")
  func killed() throws {
    let shop = try RunningDemo([])
    let children = shop.children
    #expect(children.count == 2)
    #expect(shop.end(SIGKILL) == 128 + SIGKILL)
    let deadline = Clock.monotonic() + 10_000_000_000
    // Zombies that no parent has reaped yet do not count.
    while children.contains(where: isRunning), Clock.monotonic() < deadline { usleep(20_000) }
    #expect(children.filter(isRunning).isEmpty)
  }

  private func isRunning(_ pid: pid_t) -> Bool {
    let state = RunningDemo.read("/proc/\(pid)/stat").split(separator: ")").last?.split(separator: " ").first
    return state != nil && state != "Z"
  }
}
