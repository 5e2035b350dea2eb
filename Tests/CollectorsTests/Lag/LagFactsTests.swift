import Collectors
import Core
import TestSupport
import Testing

@Suite("unread messages of groups on a real server, beyond offsets")
struct LagFactsTests {
  private let server: NoidaServer
  private let producer: TestProducer
  private let groups: TestGroups

  init() throws {
    server = try NoidaServer()
    producer = try TestProducer(server.brokers)
    groups = try TestGroups(server.brokers)
  }

  private func transactional() throws -> TestProducer {
    try TestProducer(server.brokers, properties: ["transactional.id": "payments"])
  }

  private func offsets(_ watching: LagWatching) -> PartitionOffsets? { watching.sink.readings.last?.partitions.first }

  /// Fetched first messages of all rounds.
  private func found(_ watching: LagWatching) -> [FirstMessage] { watching.sink.readings.flatMap(\.found) }

  @Test(
    "an open transaction is between the last stable offset and the high watermark, and its first message is fetched"
  )
  func openTransaction() async throws {
    try producer.createTopic("orders")
    let writer = try transactional()
    try writer.write(.orders(1...4), ending: .committed)
    try writer.write(.orders(5...14), ending: .open)
    try groups.commit(["shipping": ["orders": [0: 5]], "audit": ["orders": [0: 15]]])
    let watching = try LagWatching(server.brokers)
    #expect(await waitUntil { offsets(watching)?.end == 15 && offsets(watching)?.stable == 5 })
    #expect(
      await waitUntil { found(watching).contains { $0.from == 5 && $0.offset == 5 && $0.hasMessage && $0.time != nil } }
    )
    #expect(!found(watching).contains { $0.from == 15 })
  }

  @Test("after a commit without progress, a fetch finds out whether there is a message and where the next one is")
  func markers() async throws {
    for topic in ["committed", "aborted"] { try producer.createTopic(topic) }
    let writer = try transactional()
    try writer.write(.orders(1...5, topic: "committed"), ending: .committed)
    try writer.write(.orders(1...3, topic: "aborted"), ending: .aborted)
    try writer.write(.orders(4...6, topic: "aborted"), ending: .committed)
    try groups.commit(["shipping": ["committed": [0: 5], "aborted": [0: 0]], "audit": ["aborted": [0: 7]]])
    let watching = try LagWatching(server.brokers)
    let expected = ["committed 5 6 false", "aborted 0 4 true", "aborted 7 8 false"]
    #expect(
      await waitUntil {
        let words = found(watching).map {
          "\(watching.symbols.text($0.key.topic)) \($0.from) \($0.offset) \($0.hasMessage)"
        }
        return Set(words).isSuperset(of: expected)
      })
  }

  @Test("the result is not fetched again while nothing changes")
  func once() async throws {
    try producer.createTopic("orders")
    try producer.write(.orders(1...5))
    try groups.commit(["shipping": ["orders": [0: 2]]])
    let watching = try LagWatching(server.brokers)
    #expect(await waitUntil { !found(watching).isEmpty })
    let rounds = watching.sink.readings.count
    #expect(await waitUntil { watching.sink.readings.count > rounds + 10 })
    #expect(found(watching).map(\.offset) == [2])
  }

  @Test("a group that only commits is distinguished from one whose members have left")
  func simple() async throws {
    try producer.createTopic("orders")
    try groups.commit(["flink": ["orders": [0: 0]]])
    let member = try TestMember(server.brokers, group: "shipping", topics: ["orders"], clientID: "a")
    try producer.write(.orders(1...5))
    let watching = try LagWatching(server.brokers)
    #expect(await waitUntil { watching.commits("shipping") == ["orders[0]": 5] })
    await member.leave()
    #expect(await waitUntil { watching.group("shipping")?.members?.isEmpty ?? false })
    #expect(watching.group("flink")?.isSimple == true && watching.group("shipping")?.isSimple == false)
  }

  @Test("partitions and topics that no longer exist are listed, and removed from the list when they return")
  func gone() async throws {
    try producer.createTopic("orders", partitions: 3)
    try producer.createTopic("payments")
    try groups.commit(["shipping": ["orders": [0: 0, 1: 0, 2: 0], "payments": [0: 0]]])
    for topic in ["orders", "payments"] { try producer.deleteTopic(topic) }
    try producer.createTopic("orders")
    let watching = try LagWatching(server.brokers)
    let gone = { Set((watching.sink.readings.last?.gone ?? []).map { watching.key($0.topic, $0.partition) }) }
    #expect(await waitUntil { gone() == ["orders[1]", "orders[2]", "payments[0]"] })
    #expect(watching.ends == ["orders[0]": 0])
    try producer.addPartitions("orders", total: 2)
    try producer.createTopic("payments")
    #expect(await waitUntil { gone() == ["orders[2]"] && watching.ends.count == 3 })
  }

  @Test("an assignment that cannot be decoded makes only that group's members unknown")
  func undecodable() async throws {
    try producer.createTopic("orders")
    try producer.write(.orders(1...9))
    try groups.commit(["odd": ["orders": [0: 4]], "shipping": ["orders": [0: 9]]])
    let member = try OddMember(port: server.port, group: "odd", assignment: [0, 1, 0xff, 0xff, 0xff, 0xff, 0x7f, 0xff])
    let watching = try LagWatching(server.brokers)
    #expect(await waitUntil { watching.sink.status.isComplete })
    #expect(watching.sink.status.phase == .up && watching.sink.status.error == nil)
    #expect(watching.commits("odd") == ["orders[0]": 4] && watching.group("odd")?.members == nil)
    #expect(watching.group("odd")?.error?.contains("cannot be decoded") ?? false)
    #expect(watching.group("shipping")?.members == [] && watching.group("shipping")?.error == nil)
    withExtendedLifetime(member) {}
  }

  /// Kafka 4's response to DescribeGroups before version 6 for a group of the consumer protocol (KIP-848, KIP-1043).
  @Test("a group that the broker reports as dead to older clients keeps its commits")
  func consumerProtocol() async throws {
    try producer.createTopic("orders")
    try groups.commit(["new": ["orders": [0: 4]], "old": ["orders": [0: 4]]])
    let proxy = try DelayingProxy(to: server.port, delay: .zero) { Self.describedAsDead("new", $0, $1) }
    let watching = try LagWatching(proxy.brokers)
    #expect(await waitUntil { watching.sink.status.isComplete })
    #expect(watching.group("new")?.state == .dead && watching.commits("new") == ["orders[0]": 4])
    #expect(watching.group("old")?.state == .empty)
  }

  private static func describedAsDead(_ group: String, _ request: [UInt8], _ answer: [UInt8]) -> [UInt8] {
    var fields = KafkaFields(request.dropFirst(4))
    let (key, version) = (fields.number(Int16.self), fields.number(Int16.self))
    _ = (fields.number(Int32.self), fields.text())
    guard key == 15, version <= 4, fields.number(Int32.self) == 1, fields.text() == group else { return answer }
    var body = KafkaBytes()
    for byte in answer[4..<8] { body.add(byte) }
    if version >= 1 { body.add(Int32(0)) }
    body.add(Int32(1))
    body.add(Int16(0))
    for text in [group, "Dead", "", ""] { body.add(text) }
    body.add(Int32(0))
    if version >= 3 { body.add(Int32.min) }
    return body.frame
  }
}
