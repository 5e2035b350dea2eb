import Collectors
import Core
import TestSupport
import Testing

@Suite("the present first, then history")
struct KafkaHistoryTests {
  private let server: NoidaServer
  private let producer: TestProducer
  private static let minute: Int64 = 60_000

  init() throws {
    server = try NoidaServer()
    producer = try TestProducer(server.brokers)
  }

  /// Writes orders 1 to `count`, one per minute, to two topics with two partitions each. The last one is a minute old.
  private func write(_ count: Int) throws {
    let now = SystemClock.now().milliseconds
    for topic in ["orders", "payments"] { try producer.createTopic(topic, partitions: 2) }
    try producer.write(
      (1...count).map { number in
        .init(
          number % 2 == 0 ? "orders" : "payments", #"{"orderId":\#(number)}"#, partition: Int32(number / 2 % 2),
          time: now - Int64(count - number + 1) * Self.minute)
      })
  }

  private func numbers(_ reading: Reading) -> [Int] { reading.ids.compactMap { Int($0) } }

  @Test("the newest messages are read first, then older ones backwards, each once, and then the source is complete")
  func backwards() async throws {
    try write(1000)
    let reading = try Reading(server.brokers, since: .everything, newest: 100, slice: 200)
    #expect(await waitUntil { reading.sink.status.isComplete && reading.sink.status.hasWholeWindow })
    let numbers = numbers(reading)
    #expect(numbers.sorted() == Array(1...1000))
    #expect(reading.sink.status.messages >= 1000)
    #expect(
      reading.sink.status.window == ReadWindow(wantedSince: nil, readSince: nil, progress: 1, remaining: .zero)
        || reading.sink.status.window?.readSince == nil)
    // Within one part, messages of several partitions have no order. The parts have an order.
    let first = try #require(reading.sink.statuses.first { $0.isComplete })
    #expect(!first.hasWholeWindow && !first.isWhole(at: SystemClock.now()) && !first.isSettled)
    #expect(Set(numbers.prefix(50)).isSubset(of: 900...1000))
    #expect(Set(numbers.suffix(50)).isSubset(of: 1...250))
    #expect(reading.sink.status.isWhole(at: SystemClock.now()))
  }

  @Test("the source is complete if more messages than one slice are recent and there are no older ones")
  func burst() async throws {
    let now = SystemClock.now().milliseconds
    try producer.createTopic("orders", partitions: 2)
    try producer.write(
      (1...1000).map { .init("orders", #"{"orderId":\#($0)}"#, partition: Int32($0 % 2), time: now - 1000 + Int64($0)) }
    )
    let reading = try Reading(server.brokers, newest: 100, slice: 100)
    #expect(await waitUntil { reading.sink.status.isComplete && reading.sink.status.hasWholeWindow })
    #expect(numbers(reading).sorted() == Array(1...1000))
  }

  @Test("history ends at the configured start, and the window reports it")
  func bounded() async throws {
    try write(600)
    let reading = try Reading(server.brokers, since: .last(.seconds(300 * 60 + 30)), newest: 50, slice: 100)
    #expect(await waitUntil { reading.sink.status.isComplete && reading.sink.status.hasWholeWindow })
    #expect(numbers(reading).sorted() == Array(301...600))
    let window = try #require(reading.sink.status.window)
    #expect(window.readSince == window.wantedSince && window.wantedSince != nil)
  }

  @Test(
    "by default everything is read from small topics, otherwise the last day",
    arguments: [(5_000, 1...2000), (500, 562...2000)])
  func usual(newest: Int, expected: ClosedRange<Int>) async throws {
    try write(2000)
    let reading = try Reading(server.brokers, newest: newest, slice: 1000)
    #expect(await waitUntil { reading.sink.status.isComplete && reading.sink.status.hasWholeWindow })
    let numbers = numbers(reading).sorted()
    #expect(numbers.last == 2000 && abs((numbers.first ?? 0) - expected.lowerBound) <= 1)
    #expect(numbers == Array((numbers.first ?? 0)...2000))
    #expect((reading.sink.status.window?.wantedSince == nil) == (newest == 5_000))
  }

  @Test("new messages are read meanwhile, and new topics are read from the configured start")
  func meanwhile() async throws {
    try write(1000)
    let reading = try Reading(server.brokers, since: .everything, newest: 100, slice: 100)
    #expect(await waitUntil { reading.sink.status.isComplete })
    try producer.createTopic("refunds")
    try producer.write(
      (2001...2010).map { .init("refunds", #"{"orderId":\#($0)}"#, time: SystemClock.now().milliseconds - 9_000_000) })
    try producer.write([.init("orders", #"{"orderId":3000}"#)])
    #expect(await waitUntil { reading.sink.count == 1011 && reading.sink.status.hasWholeWindow })
    #expect(Set(numbers(reading)) == Set(1...1000).union(2001...2010).union([3000]))
  }

  @Test("when the operator stops the history, the window is what was read")
  func stopped() async throws {
    try write(3000)
    // The delay gives time to stop the history between two slices.
    let proxy = try DelayingProxy(to: server.port, delay: .milliseconds(20))
    let reading = try Reading(proxy.brokers, since: .everything, newest: 100, slice: 20)
    #expect(await waitUntil { reading.sink.status.isComplete })
    reading.source.stopHistory()
    #expect(await waitUntil { reading.sink.status.hasWholeWindow })
    let status = reading.sink.status
    #expect(status.window?.isStopped == true && status.isWhole(at: SystemClock.now()))
    let count = reading.sink.count
    try producer.write([.init("orders", #"{"orderId":9999}"#)])
    #expect(await waitUntil { numbers(reading).last == 9999 })
    #expect(reading.sink.count == count + 1 && count < 3000)
  }

  @Test("a topic deleted meanwhile does not block completion")
  func deleted() async throws {
    try write(2000)
    let reading = try Reading(server.brokers, since: .everything, newest: 100, slice: 20)
    #expect(await waitUntil { reading.sink.status.isComplete })
    try producer.deleteTopic("payments")
    #expect(await waitUntil(.seconds(60)) { reading.sink.status.hasWholeWindow })
    #expect(Set(numbers(reading)).isSuperset(of: stride(from: 2, through: 2000, by: 2)))
  }

  @Test("reading continues at the last offset after a server restart")
  func restarted() async throws {
    try write(3000)
    let reading = try Reading(server.brokers, since: .everything, newest: 100, slice: 20)
    #expect(await waitUntil { reading.sink.status.isComplete })
    server.stop()
    try server.restart()
    #expect(await waitUntil(.seconds(60)) { reading.sink.status.hasWholeWindow && reading.sink.status.isComplete })
    #expect(Set(numbers(reading)) == Set(1...3000))
  }

  @Test("if the broker has no offsets by time, reading starts at the beginning")
  func noLookUp() async throws {
    let cluster = try MockCluster()
    cluster.createTopic("orders")
    try TestProducer(cluster.brokers).write(.orders(1...300))
    let reading = try Reading(cluster.brokers, since: .everything, newest: 100, slice: 100)
    #expect(await waitUntil { reading.sink.status.isComplete && reading.sink.status.hasWholeWindow })
    #expect(numbers(reading) == Array(1...300))
  }
}
