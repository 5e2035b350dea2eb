import Clients
import Core
import Glibc
import Synchronization
import TestSupport

/// A shop with its own broker, a feed of orders at a configurable rate, and a configuration for the live screen.
final class LiveShop {
  private static let topic = "orders"
  private static let partitions = 6
  private static let eventsOfOrder = 5
  /// The server fills a response with all available data.
  private static let properties = "{receive.message.max.bytes: 1000000000}"
  private static let settings = ["retention.bytes": "\(64 << 20)", "segment.bytes": "\(4 << 20)"]

  let server: NoidaServer
  private let directory: TemporaryDirectory
  private let feed = Feed()
  private let thread = WorkerThread()

  init(retention: String = "60s", maxSagas: Int = 100_000) throws {
    server = try NoidaServer()
    directory = try TemporaryDirectory()
    try TestProducer(server.brokers).createTopic(
      Self.topic, partitions: Int32(Self.partitions), settings: Self.settings)
    try directory.write(
      """
      retention: \(retention)
      maxSagas: \(maxSagas)
      contexts:
        bench:
          since: \(retention)
          kafka: {brokers: "\(server.brokers)", topics: [\(Self.topic)], properties: \(Self.properties)}
          fields: {type: [eventType], id: [eventId], node: ["header:node"]}
          sagas:
            order:
              ids: {orderId: [orderId]}
              error: [reason]
              steps: [order, inventory, payment, delivery]
              events:
                order-created: {starts: true, completes: order}
                inventory-reserved: {completes: inventory}
                payment-completed: {completes: payment}
                payment-failed: {fails: payment}
                inventory-released: {compensates: inventory}
                order-cancelled: {compensates: order, ends: compensated}
                delivery-started: {begins: delivery}
                delivery-completed: {completes: delivery, ends: completed}
      """, to: "config.yaml")
  }

  deinit { stop() }

  /// Starts the live screen for the shop.
  func screen() throws -> LiveProgram {
    try LiveProgram([LiveProgram.path, "--config", "\(directory.path)/config.yaml"])
  }

  /// Writes orders up to their third event, so that they stay active.
  func start(orders: Int) throws {
    let producer = try TestProducer(server.brokers)
    for first in stride(from: 0, to: orders, by: 10_000) {
      let range = Self.started + first..<Self.started + min(first + 10_000, orders)
      try producer.write(Shop.events(orders: range, atOnce: 100, steps: 3).map(Self.record))
    }
  }

  /// The lowest number of orders that `start` writes; numbers of the feed are lower.
  private static let started = 1 << 40

  private static func record(_ event: Shop.Written) -> TestProducer.Record {
    TestProducer.Record(
      topic, event.body, key: event.key, partition: Int32((Int(event.key) ?? 0) % partitions),
      headers: [("node", "node-\((Int(event.key) ?? 0) % 3)")])
  }

  /// Writes complete orders at this rate until `stop`.
  func feed(eventsPerSecond: Int) throws {
    let brokers = server.brokers
    guard thread.start({ [feed] in feed.run(brokers, eventsPerSecond) }) else {
      throw TestFailure("no thread to feed with")
    }
  }

  /// Number of events written since `feed`, and why the feed ended early; `nil` if it did not.
  var fed: (events: Int, failure: String?) { feed.state.withLock { ($0.events, $0.failure) } }

  func stop() {
    feed.state.withLock { $0.isStopping = true }
    thread.join(patience: .seconds(10))
    feed.state.withLock { $0.isStopping = false }
  }

  private final class Feed: Sendable {
    struct State {
      var events = 0
      var orders = 0
      var failure: String?
      var isStopping = false
    }

    private static let partsOfSecond = 20

    let state = Mutex(State())

    func run(_ brokers: String, _ rate: Int) {
      do {
        let producer = try TestProducer(brokers)
        // The orders of one part of a second all write their first event, then all their second, and so on. So an order takes five parts.
        let orders = max(1, rate / LiveShop.eventsOfOrder / (Self.partsOfSecond / LiveShop.eventsOfOrder))
        var due = ContinuousClock.now
        while let range = next(orders) {
          let events = Shop.events(orders: range, atOnce: orders, steps: LiveShop.eventsOfOrder).map(LiveShop.record)
          for start in stride(from: 0, to: events.count, by: orders) {
            try producer.write(Array(events[start..<start + orders]))
            state.withLock { $0.events += orders }
            due += .seconds(1) * orders / rate
            if case let rest = due - .now, rest > .zero { usleep(UInt32(rest / .microseconds(1))) }
          }
        }
      } catch { state.withLock { $0.failure = "\(error)" } }
    }

    private func next(_ orders: Int) -> Range<Int>? {
      state.withLock { state in
        if state.isStopping { return nil }
        defer { state.orders += orders }
        return state.orders..<state.orders + orders
      }
    }
  }
}
