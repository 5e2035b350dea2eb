import Collectors
import Core
import TestSupport
import Testing

@Suite("polling consumer groups of a Kafka server")
struct LagSourceTests {
  private let server: NoidaServer
  private let producer: TestProducer
  private let groups: TestGroups

  init() throws {
    server = try NoidaServer()
    producer = try TestProducer(server.brokers)
    groups = try TestGroups(server.brokers)
  }

  @Test("commits, log starts and log ends equal those of independent clients exactly")
  func numbers() async throws {
    try producer.createTopic("orders", partitions: 3)
    try producer.write(.orders(1...40) + .orders(41...50, partition: 1))
    try groups.commit(["shipping": ["orders": [0: 17, 1: 10]], "billing": ["orders": [2: 0]]])
    let watching = try LagWatching(server.brokers)
    #expect(await waitUntil { watching.sink.status.isComplete })
    #expect(watching.ends == ["orders[0]": 40, "orders[1]": 10, "orders[2]": 0])
    #expect(watching.starts == ["orders[0]": 0, "orders[1]": 0, "orders[2]": 0])
    for (partition, end) in try Kcat.ends(of: "orders", partitions: 3, server.brokers) {
      #expect(watching.ends["orders[\(partition)]"] == end)
    }
    #expect(watching.commits("shipping") == ["orders[0]": 17, "orders[1]": 10])
    #expect(watching.commits("billing") == ["orders[2]": 0])
    for group in ["shipping", "billing"] {
      for partition in 0..<3 {
        let committed = try producer.committed("orders", partition: Int32(partition), group: group)
        #expect(watching.commits(group)?["orders[\(partition)]"] ?? nil == committed)
      }
    }
    #expect(watching.group("shipping") == watching.sink.readings.last?.groups.last)
    #expect(watching.group("shipping")?.state == .empty && watching.group("shipping")?.members == [])
    #expect(watching.group("shipping")?.error == nil)
  }

  @Test("the status counts brokers, topics and partitions, and is up after the first poll")
  func status() async throws {
    try producer.createTopic("orders", partitions: 3)
    try groups.commit(["shipping": ["orders": [0: 0]]])
    let watching = try LagWatching(server.brokers, topics: ["orders"])
    #expect(await waitUntil { watching.sink.status.isComplete })
    let status = watching.sink.status
    #expect(watching.sink.statuses.first?.phase == .connecting)
    #expect(status.name == "lag" && status.phase == .up && status.error == nil && status.notes.isEmpty)
    #expect(status.brokers == 1 && status.topics == 1 && status.partitions == 3)
    #expect(status.lastSuccess != nil && status.latency ?? .zero > .zero)
    let reading = try #require(watching.sink.readings.first)
    #expect(reading.isListed && reading.requests > 0 && reading.took > .zero)
  }

  @Test("a cluster without groups and topics is complete")
  func nothing() async throws {
    let watching = try LagWatching(server.brokers)
    #expect(await waitUntil { watching.sink.status.isComplete })
    #expect(watching.sink.status.phase == .up)
    #expect(watching.sink.readings.last?.groups == [] && watching.sink.readings.last?.partitions == [])
  }

  @Test(
    "groups are selected by name, glob or regular expression; configured ones are always included",
    arguments: [
      (["*"], [], ["billing", "shipping", "shipping-eu"]), (["ship*"], [], ["shipping", "shipping-eu"]),
      (["^ing$|^ship.*ing$"], [], ["shipping"]), (["billing"], [], ["billing"]),
      (["nobody"], [], ["nobody"]),
      (["ship*"], ["billing", "ghost"], ["billing", "ghost", "shipping", "shipping-eu"]),
    ] as [([String], [String], [String])])
  func patterns(patterns: [String], configured: [String], names: [String]) async throws {
    try producer.createTopic("orders")
    let offsets = ["orders": [Int32(0): Int64(0)]]
    try groups.commit(["shipping": offsets, "shipping-eu": offsets, "billing": offsets])
    let watching = try LagWatching(server.brokers, groups: patterns, configured: configured)
    #expect(await waitUntil { watching.sink.status.isComplete })
    #expect(watching.sink.readings.last?.groups.map(\.name) == names)
    for name in names where ["nobody", "ghost"].contains(name) {
      #expect(watching.group(name)?.state == .dead && watching.commits(name) == [:])
    }
  }

  @Test("partitions are listed if they belong to a group, are watched, or contain dead letters")
  func partitions() async throws {
    for topic in ["orders", "payments", "refunds", "orders.dlq"] { try producer.createTopic(topic, partitions: 2) }
    try groups.commit(["shipping": ["orders": [1: 0]]])
    let watching = try LagWatching(server.brokers, topics: ["pay*"])
    #expect(await waitUntil { watching.sink.status.isComplete })
    #expect(
      watching.ends.keys.sorted() == ["orders.dlq[0]", "orders.dlq[1]", "orders[1]", "payments[0]", "payments[1]"])
  }

  @Test("the number of requests does not depend on the number of partitions")
  func requests() async throws {
    try producer.createTopic("narrow", partitions: 1)
    try producer.createTopic("wide", partitions: 500)
    try groups.commit(["one": ["narrow": [0: 0]]])
    let few = try await warmRequests()
    try groups.commit(["one": ["wide": Dictionary(uniqueKeysWithValues: (0..<500).map { ($0, 0) })]])
    #expect(try await warmRequests() == few)
  }

  /// The most frequent number of requests per round. A round on an idle connection may need one more.
  private func warmRequests() async throws -> Int? {
    let watching = try LagWatching(server.brokers)
    #expect(await waitUntil { watching.sink.readings.count >= 10 })
    let counts = watching.sink.readings.map(\.requests)
    return Dictionary(counts.map { ($0, 1) }, uniquingKeysWith: +).max { $0.value < $1.value }?.key
  }

  @Test("no group is joined or created, and nothing is committed")
  func harmless() async throws {
    try producer.createTopic("orders")
    try producer.write(.orders(1...10))
    try groups.commit(["shipping": ["orders": [0: 3]]])
    let watching = try LagWatching(server.brokers, configured: ["ghost"])
    #expect(await waitUntil { watching.sink.readings.count >= 5 })
    watching.stop()
    #expect(try producer.groups() == ["shipping"])
    #expect(try producer.committed("orders", partition: 0, group: "shipping") == 3)
  }
}
