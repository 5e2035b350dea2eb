import Core
import Synchronization
import TestSupport
import Testing

@testable import Clients
@testable import Collectors

@Suite("fetch pacing")
struct FetchPaceTests {
  private static let fetch: Int16 = 1

  /// A counter of received messages.
  private final class Arrivals: Sendable {
    let count = Atomic(0)

    func add(_ number: Int) { count.wrappingAdd(number, ordering: .relaxed) }
  }

  /// Simulates fetch responses, one per round, with a size and a number of messages each. Returns the pauses.
  private func pauses(_ answers: [(size: Int, messages: Int)], wait: Int32 = 100, roundTrip: Int64 = 0) -> [UInt32] {
    let pace = FetchPace(wait: wait, isCalm: true)
    let arrivals = Arrivals()
    pace.count { arrivals.count.load(ordering: .relaxed) }
    return answers.map { size, messages in
      let pause = pace.pause(broker: 1, request: Self.fetch, size: size, roundTrip: roundTrip)
      pace.received(broker: 1, request: Self.fetch, size: size)
      arrivals.add(messages)
      pace.sent(broker: 1, request: Self.fetch)
      return pause
    }
  }

  @Test(
    "only a response that is no larger than one without messages is delayed",
    arguments: [
      ("nothing is known before the first", [(128, 0)], [0]),
      ("as large as the first, which was empty", [(128, 0), (128, 0)], [0, 200_000]),
      ("larger: there is a message in it", [(128, 0), (190, 1), (128, 0)], [0, 0, 200_000]),
      ("large ones that carry messages teach nothing", [(500, 3), (190, 1), (128, 0)], [0, 0, 0]),
      ("a topic is named twice, now and then", [(128, 0), (140, 0), (128, 0), (140, 0)], [0, 0, 200_000, 200_000]),
      (
        "fewer partitions: what was thought empty carried something, and it is learnt anew",
        [(500, 0), (190, 1), (190, 1), (128, 0), (128, 0)], [0, 200_000, 0, 0, 200_000]
      ),
    ] as [(String, [(Int, Int)], [UInt32])])
  func table(why: String, answers: [(Int, Int)], expected: [UInt32]) {
    #expect(pauses(answers) == expected, Comment(rawValue: why))
  }

  @Test(
    "the next fetch comes after twice the requested wait, a fifth of a second at most",
    arguments: [
      (100, 60_000, 140_000), (100, 200_000, 0), (100, 250_000, 0), (10, 0, 20_000), (300_000, 0, 200_000), (-1, 0, 0),
      (100, -5, 0),
    ] as [(Int32, Int64, UInt32)])
  func bounded(wait: Int32, roundTrip: Int64, pause: UInt32) {
    #expect(pauses([(128, 0), (128, 0)], wait: wait, roundTrip: roundTrip) == [0, pause])
  }

  @Test(
    "without calm it comes after the requested wait, a tenth of a second at most",
    arguments: [(100, 100_000), (300, 100_000)])
  func notCalm(wait: Int32, pause: UInt32) {
    let pace = FetchPace(wait: wait)
    pace.count { 0 }
    pace.received(broker: 1, request: Self.fetch, size: 128)
    pace.sent(broker: 1, request: Self.fetch)
    #expect(pace.pause(broker: 1, request: Self.fetch, size: 128, roundTrip: 0) == pause)
  }

  @Test("other requests and other brokers are not delayed")
  func others() {
    let pace = FetchPace(wait: 100, isCalm: true)
    pace.count { 0 }
    pace.received(broker: 1, request: Self.fetch, size: 128)
    pace.sent(broker: 1, request: Self.fetch)
    #expect(pace.pause(broker: 1, request: 3, size: 60, roundTrip: 0) == 0)
    #expect(pace.pause(broker: 2, request: Self.fetch, size: 60, roundTrip: 0) == 0)
    #expect(pace.pause(broker: 1, request: Self.fetch, size: 60, roundTrip: 0) == 200_000)
    pace.count(nil)
    #expect(pace.pause(broker: 1, request: Self.fetch, size: 60, roundTrip: 0) == 0)
  }

  @Test(
    "a server that does not wait is asked about five times a second, however the partitions came to be read",
    arguments: 0..<4)
  func idle(start: Int) async throws {
    let server = try NoidaServer()
    let producer = try TestProducer(server.brokers)
    var offsets: [TopicPartition: Int64] = [:]
    for topic in ["a", "bb", "a-longer-name"] {
      try producer.createTopic(topic, partitions: 4)
      for partition in 0..<Int32(4) { offsets[TopicPartition(topic: topic, partition: partition)] = 0 }
    }
    try producer.write((0..<12).map { .init("bb", "{}", partition: Int32($0 % 4)) })
    let client = try KafkaClient(KafkaAccess(brokers: server.brokers), isCalm: true)
    // Partitions of one topic are assigned in different rounds, so that a response contains the topic more than once.
    for round in 0..<4 {
      let part = offsets.filter { (Int($0.key.partition) + $0.key.topic.utf8.count + start) % 4 == round }
      try client.assign(adding: part)
      client.receive(timeout: .milliseconds(50)) { _ in }
    }
    let before = Self.fetches(client, for: .milliseconds(500))
    let idle = Self.fetches(client, for: .seconds(3))
    #expect(before > 0)
    #expect((7...30).contains(idle), "\(idle) fetches in 3 s")
  }

  /// Number of fetches sent while the client receives continuously.
  private static func fetches(_ client: borrowing KafkaClient, for time: Duration) -> Int {
    let before = client.fetches
    let end = ContinuousClock.now + time
    while ContinuousClock.now < end { client.receive(timeout: .milliseconds(50)) { _ in } }
    return client.fetches - before
  }

  @Test("with new messages, the number of fetches is proportional to them")
  func busy() async throws {
    let server = try NoidaServer()
    let producer = try TestProducer(server.brokers)
    try producer.createTopic("orders", partitions: 2)
    let client = try KafkaClient(KafkaAccess(brokers: server.brokers), isCalm: true)
    try client.assign([.init(topic: "orders", partition: 0): 0, .init(topic: "orders", partition: 1): 0])
    _ = Self.fetches(client, for: .seconds(1))
    let before = client.fetches
    var received = 0
    let end = ContinuousClock.now + .seconds(3)
    var number = 0
    while ContinuousClock.now < end {
      number += 1
      try producer.write([.init("orders", #"{"orderId":\#(number)}"#, partition: Int32(number % 2))])
      client.receive(timeout: .milliseconds(20)) { if case .message = $0.kind { received += 1 } }
    }
    let fetches = client.fetches - before
    #expect(received > 0)
    #expect(fetches <= 60 + 2 * number, "\(fetches) fetches for \(number) messages in 3 s")
  }
}
