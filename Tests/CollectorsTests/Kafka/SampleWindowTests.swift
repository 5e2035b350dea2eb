import Core
import TestSupport
import Testing

@testable import Clients
@testable import Collectors

@Suite("Reading only the newest messages")
struct SampleWindowTests {
  private static let now = Timestamp(milliseconds: 1_769_508_000_000)

  private static func partitions(_ count: Int32) -> [ClusterMetadata.Partition] {
    (0..<count).map { .init(id: $0, leader: $0 % 2) }
  }

  /// The start for topics with `count` messages, one every `every` seconds, spread over three partitions.
  private func start(_ topics: [String: (count: Int64, every: Int64)], perTopic: Int = 500) -> Timestamp? {
    let window = SampleWindow(messages: 1000, perTopic: perTopic) { ids, position in
      Dictionary(
        uniqueKeysWithValues: ids.map { id in
          let (count, every) = topics[id.topic] ?? (0, 1)
          switch position {
          case -2: return (id, 0)
          case -1: return (id, count / 3)
          default:
            let since = (Self.now.milliseconds - position) / 1000 / every / 3
            return (id, since <= 0 ? -1 : max(0, count / 3 - since))
          }
        })
    }
    return window.start(of: topics.mapValues { _ in Self.partitions(3) }, now: Self.now)
  }

  @Test("if there are no more messages than requested, all are read")
  func small() {
    #expect(start(["a": (300, 1), "b": (600, 1)]) == nil)
    #expect(start([:]) == nil)
  }

  @Test("otherwise reading starts at the earliest time within the limits")
  func large() {
    // Each of three topics has 0.1 messages per second, which gives 960 messages in 3,200 s.
    #expect(start(["a": (30_000, 10), "b": (30_000, 10), "c": (30_000, 10)]) == Self.now - .seconds(1920))
  }

  @Test("logs of the largest size are more than is wanted")
  func absurd() {
    let window = SampleWindow(messages: 1000, perTopic: .max) { ids, position in
      Dictionary(uniqueKeysWithValues: ids.map { ($0, position == -1 ? Int64.max : 0) })
    }
    #expect(window.start(of: ["a": Self.partitions(3), "b": Self.partitions(2)], now: Self.now) != nil)
  }

  @Test("the start time is found with few requests")
  func questions() {
    var asked = 0
    let window = SampleWindow(messages: 1000, perTopic: 5000) { ids, position in
      asked += 1
      return Dictionary(uniqueKeysWithValues: ids.map { ($0, position == -2 ? 0 : position == -1 ? 5000 : 4900) })
    }
    #expect(window.start(of: ["a": [.init(id: 0, leader: 0)]], now: Self.now) != nil)
    #expect(asked <= 7, "\(asked)")
  }

  @Test("a topic with most of the messages counts only up to a limit and does not prevent reading the others")
  func flood() {
    let wanted = start(["flood": (3_000_000, 1), "a": (30_000, 60), "b": (30_000, 60)])
    #expect(wanted == Self.now - .seconds(7680))
  }

  @Test("complete flows are read from large topics: the same orders of each topic")
  func flows() async throws {
    let server = try NoidaServer()
    let producer = try TestProducer(server.brokers)
    let now = SystemClock.now().milliseconds
    let topics = ["created", "paid", "shipped"]
    for (place, topic) in topics.enumerated() {
      try producer.createTopic(topic, partitions: 2)
      try producer.write(
        (1...1000).map { number in
          let time = now - Int64(1001 - number) * 10_000 + Int64(place)
          return .init(topic, #"{"orderId":\#(number)}"#, partition: Int32(number % 2), time: time)
        })
    }
    let reading = try Reading(server.brokers, sample: (messages: 900, perTopic: 500))
    #expect(await waitUntil { reading.sink.status.isComplete })
    let seen = Dictionary(grouping: reading.sink.events) { $0.link?.key.value ?? "" }
    #expect(reading.sink.count <= 900 && seen.count >= 150)
    #expect(seen.values.count { $0.count < topics.count } <= 1, "cut in half")
    #expect(Set((900...1000).map(String.init)).isSubset(of: seen.keys))
    try producer.write(.orders(2001...2001, topic: "paid"))
    #expect(await waitUntil { reading.ids.contains("2001") })
  }

  @Test("if the broker has no offsets by time, everything is read")
  func noLookUp() async throws {
    let cluster = try MockCluster()
    cluster.createTopic("orders")
    try TestProducer(cluster.brokers).write(.orders(1...300))
    let reading = try Reading(cluster.brokers, sample: (messages: 100, perTopic: 100))
    #expect(await waitUntil { reading.sink.count == 300 && reading.sink.status.isComplete })
  }
}
