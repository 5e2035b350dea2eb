import Collectors
import Core
import TestSupport
import Testing

@Suite("consumer groups that change during polling")
struct LagChangesTests {
  private let server: NoidaServer
  private let producer: TestProducer
  private let groups: TestGroups

  init() throws {
    server = try NoidaServer()
    producer = try TestProducer(server.brokers)
    groups = try TestGroups(server.brokers)
  }

  private static let all: Set<String> = ["orders[0]", "orders[1]", "orders[2]", "orders[3]"]

  private func member(_ name: String) throws -> TestMember {
    try TestMember(server.brokers, group: "shipping", topics: ["orders"], clientID: name)
  }

  /// Whether `a` and `b` have two of the four partitions each.
  private func isShared(_ watching: LagWatching) -> Bool {
    guard let shares = watching.assignment("shipping"), let a = shares["a"], let b = shares["b"] else { return false }
    return a.count == 2 && b.count == 2 && a.union(b) == Self.all
  }

  @Test("two members share the partitions; when one leaves, the other one has all of them")
  func rebalance() async throws {
    try producer.createTopic("orders", partitions: 4)
    for partition in 0..<4 { try producer.write(.orders(1...25, partition: Int32(partition))) }
    let first = try member("a")
    let watching = try LagWatching(server.brokers)
    #expect(await waitUntil { watching.assignment("shipping") == ["a": Self.all] })
    let second = try member("b")
    #expect(await waitUntil { isShared(watching) })
    #expect(watching.group("shipping")?.state == .stable)
    #expect(watching.group("shipping")?.members?.allSatisfy { $0.host.contains("127.0.0.1") } ?? false)
    await second.leave()
    #expect(await waitUntil { watching.assignment("shipping") == ["a": Self.all] })
    let read: [String: Int64?] = Dictionary(uniqueKeysWithValues: Self.all.map { ($0, 25) })
    #expect(await waitUntil { watching.commits("shipping") == read && watching.ends == read })
    await first.leave()
    #expect(await waitUntil { watching.group("shipping")?.state == .empty })
  }

  /// This server never removes a dead member. Only its missing commits are visible.
  @Test("when a member dies, commits of its partitions stop and those of the other member continue")
  func death() async throws {
    try producer.createTopic("orders", partitions: 4)
    let (first, second) = (try member("a"), try member("b"))
    let watching = try LagWatching(server.brokers)
    #expect(await waitUntil { isShared(watching) })
    for partition in 0..<4 { try producer.write(.orders(1...10, partition: Int32(partition))) }
    let read: [String: Int64?] = Dictionary(uniqueKeysWithValues: Self.all.map { ($0, 10) })
    #expect(await waitUntil { watching.commits("shipping") == read })
    let orphans = try #require(watching.assignment("shipping")?["b"])
    await second.die()
    for partition in 0..<4 { try producer.write(.orders(11...15, partition: Int32(partition))) }
    let expected: [String: Int64?] = Dictionary(
      uniqueKeysWithValues: Self.all.map { ($0, orphans.contains($0) ? 10 : 15) })
    #expect(
      await waitUntil { watching.commits("shipping") == expected && watching.ends.values.allSatisfy { $0 == 15 } })
    await first.leave()
  }

  @Test("a group that reads without committing has partitions without offsets")
  func commitsNothing() async throws {
    try producer.createTopic("orders", partitions: 2)
    try producer.write(.orders(1...5))
    let member = try TestMember(
      server.brokers, group: "silent", topics: ["orders"], clientID: "a", isCommitting: false)
    let watching = try LagWatching(server.brokers)
    #expect(await waitUntil { member.read == 5 })
    #expect(await waitUntil { watching.commits("silent") == ["orders[0]": nil, "orders[1]": nil] })
    #expect(watching.ends == ["orders[0]": 5, "orders[1]": 0])
    await member.leave()
  }

  @Test("a backward reset of a group is detected")
  func reset() async throws {
    try producer.createTopic("orders")
    try producer.write(.orders(1...50))
    try groups.commit(["shipping": ["orders": [0: 50]]])
    let watching = try LagWatching(server.brokers)
    #expect(await waitUntil { watching.commits("shipping") == ["orders[0]": 50] })
    try groups.commit(["shipping": ["orders": [0: 10]]])
    #expect(await waitUntil { watching.commits("shipping") == ["orders[0]": 10] })
    #expect(watching.ends == ["orders[0]": 50])
  }

  @Test("a deleted topic is gone, and a recreated one starts at its own end; other topics are not affected")
  func recreated() async throws {
    try producer.createTopic("orders")
    try producer.createTopic("payments")
    try producer.write(.orders(1...20) + .orders(1...7, topic: "payments"))
    try groups.commit(["shipping": ["orders": [0: 5], "payments": [0: 7]]])
    let watching = try LagWatching(server.brokers, topics: ["*"])
    #expect(await waitUntil { watching.ends == ["orders[0]": 20, "payments[0]": 7] })
    try producer.deleteTopic("orders")
    #expect(await waitUntil { watching.ends == ["payments[0]": 7] })
    try producer.createTopic("orders")
    try TestProducer(server.brokers).write(.orders(1...3))
    #expect(await waitUntil { watching.ends == ["orders[0]": 3, "payments[0]": 7] })
    let lost = watching.sink.readings.filter { reading in
      !reading.partitions.contains { watching.key($0.topic, $0.partition) == "payments[0]" && $0.end == 7 }
    }
    #expect(lost.isEmpty)
  }

  @Test("added partitions are detected")
  func addedPartitions() async throws {
    try producer.createTopic("orders")
    try producer.write(.orders(1...5))
    let watching = try LagWatching(server.brokers, topics: ["orders"])
    #expect(await waitUntil { watching.ends == ["orders[0]": 5] })
    try producer.addPartitions("orders", total: 3)
    #expect(await waitUntil { watching.ends == ["orders[0]": 5, "orders[1]": 0, "orders[2]": 0] })
    try TestProducer(server.brokers).write(.orders(1...2, partition: 2))
    #expect(await waitUntil { watching.ends["orders[2]"] == 2 })
  }

  @Test("a group deleted during polling is gone, and the others stay")
  func deletedGroup() async throws {
    try producer.createTopic("orders")
    try groups.commit(["shipping": ["orders": [0: 0]], "billing": ["orders": [0: 0]]])
    let watching = try LagWatching(server.brokers)
    #expect(await waitUntil { watching.sink.readings.last?.groups.map(\.name) == ["billing", "shipping"] })
    try groups.delete("shipping")
    #expect(await waitUntil { watching.sink.readings.last?.groups.map(\.name) == ["billing"] })
    #expect(watching.sink.readings.allSatisfy { $0.groups.contains { $0.name == "billing" && $0.error == nil } })
    #expect(watching.sink.statuses.allSatisfy { $0.error == nil })
  }

  @Test("after a server restart the numbers are correct again")
  func gone() async throws {
    try producer.createTopic("orders")
    try producer.write(.orders(1...9))
    try groups.commit(["shipping": ["orders": [0: 4]]])
    let watching = try LagWatching(server.brokers, deadline: .milliseconds(500))
    #expect(await waitUntil { watching.sink.status.isComplete })
    server.stop()
    #expect(await waitUntil { watching.sink.status.phase == .down })
    let status = watching.sink.status
    #expect(status.error?.contains(server.brokers) ?? false && status.error?.contains("trying again") ?? false)
    #expect(status.retryAt != nil && status.isComplete)
    let count = watching.sink.readings.count
    try server.restart()
    #expect(await waitUntil { watching.sink.status.phase == .up && watching.sink.readings.count > count })
    #expect(await waitUntil { watching.commits("shipping") == ["orders[0]": 4] && watching.ends == ["orders[0]": 9] })
    #expect(watching.sink.status.error == nil && watching.sink.status.retryAt == nil)
  }

  /// Clients with pending requests are replaced. librdkafka must neither hang nor abort the program.
  @Test("a server that restarts repeatedly is polled whenever it is up")
  func flapping() async throws {
    try producer.createTopic("orders")
    try producer.write(.orders(1...9))
    let names = (0..<20).map { "group-\($0)" }
    try groups.commit(Dictionary(uniqueKeysWithValues: names.map { ($0, ["orders": [0: 4]]) }))
    let watching = try LagWatching(server.brokers, deadline: .milliseconds(150), patience: .milliseconds(300))
    for _ in 0..<6 {
      let count = watching.sink.readings.count
      #expect(
        await waitUntil {
          watching.sink.status.phase == .up && watching.sink.readings.count > count + 2
            && names.allSatisfy { watching.commits($0) == ["orders[0]": 4] && watching.group($0)?.state == .empty }
        })
      server.stop()
      #expect(await waitUntil { watching.sink.status.phase == .down })
      try server.restart()
    }
    #expect(await waitUntil { watching.sink.status.phase == .up && watching.ends == ["orders[0]": 9] })
  }
}
