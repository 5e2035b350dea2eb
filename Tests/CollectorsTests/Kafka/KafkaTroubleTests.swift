import Collectors
import Core
import Synchronization
import TestSupport
import Testing
import Text

@testable import Clients

@Suite("failures of a Kafka cluster")
struct KafkaTroubleTests {
  private func status(_ brokers: String) async throws -> SourceStatus {
    let reading = try Reading(brokers)
    #expect(await waitUntil { reading.sink.status.error != nil })
    return reading.sink.status
  }

  @Test("if nothing listens, the status contains the address, the reason and the next retry")
  func absent() async throws {
    let address = "127.0.0.1:\(try LoopbackPort.free())"
    let status = try await status(address)
    #expect(status.phase == .down && !status.isComplete && status.retryAt != nil)
    #expect(
      status.error == "\(address): Connect to \(address) failed: Connection refused; trying again every 2 s")
  }

  @Test("an unresolved name is reported as the reason")
  func unresolved() async throws {
    let reading = try Reading("no-such-host.invalid:9092")
    let reason = "no-such-host.invalid:9092: Failed to resolve 'no-such-host.invalid:9092'"
    #expect(await waitUntil { reading.sink.status.error?.hasPrefix(reason) ?? false })
    #expect(reading.sink.status.phase == .down)
  }

  @Test("a server that accepts connections and never responds is down")
  func silent() async throws {
    let server = try SilentServer()
    let status = try await status("127.0.0.1:\(server.port)")
    #expect(status.phase == .down)
    #expect(status.error?.contains("127.0.0.1:\(server.port)") ?? false)
  }

  @Test("a server that starts later is read from the beginning")
  func late() async throws {
    let server = try NoidaServer()
    let producer = try TestProducer(server.brokers)
    try producer.createTopic("orders")
    try producer.write(.orders(1...20))
    server.stop()
    let reading = try Reading(server.brokers)
    #expect(await waitUntil { reading.sink.status.phase == .down })
    try server.restart()
    #expect(await waitUntil { reading.sink.status.phase == .up && reading.sink.count == 20 })
    #expect(reading.sink.status.error == nil && reading.sink.status.retryAt == nil)
  }

  @Test("after a server restart no message is missing or read twice")
  func gone() async throws {
    let server = try NoidaServer()
    let producer = try TestProducer(server.brokers)
    try producer.createTopic("orders", partitions: 2)
    try producer.write(.orders(1...50) + .orders(51...100, partition: 1))
    let reading = try Reading(server.brokers)
    #expect(await waitUntil { reading.sink.count == 100 && reading.sink.status.isComplete })
    server.stop()
    #expect(await waitUntil { reading.sink.status.phase == .down })
    #expect(reading.sink.status.isComplete, "the first reading was given")
    #expect(reading.sink.status.error?.contains(server.brokers) ?? false)
    try server.restart()
    let later = try TestProducer(server.brokers)
    try later.write(.orders(101...150) + .orders(151...200, partition: 1))
    #expect(await waitUntil { reading.sink.count >= 200 && reading.sink.status.phase == .up })
    #expect(Set(reading.ids) == Set((1...200).map(String.init)))
    #expect(reading.sink.count == 200)
  }

  @Test("if one leader is down the other partitions are read; its partitions are read when it returns")
  func oneOfTwo() async throws {
    let cluster = try MockCluster(brokers: 2)
    cluster.createTopic("orders", partitions: 2)
    cluster.setLeader(of: "orders", 0, to: 1)
    cluster.setLeader(of: "orders", 1, to: 2)
    let producer = try TestProducer(cluster.brokers)
    try producer.write(.orders(1...5) + .orders(6...9, partition: 1))
    cluster.takeDown(2)
    let reading = try Reading(cluster.brokers)
    #expect(await waitUntil { reading.sink.status.phase == .degraded && reading.sink.count == 5 })
    // The readable partition is enough for verdicts. A snapshot continues to wait for the other one.
    #expect(await waitUntil { reading.sink.status.isComplete })
    #expect(!reading.sink.status.isSettled)
    #expect(reading.sink.status.error?.hasSuffix("does not answer for orders[1]; trying again") ?? false)
    cluster.bringUp(2)
    #expect(
      await waitUntil { reading.sink.status.phase == .up && reading.sink.status.isSettled && reading.sink.count == 9 })
    #expect(reading.ids.sorted() == (1...9).map(String.init))
  }

  @Test("a topic whose metadata has an error for some time is not read twice, and its partitions count as missing")
  func troubledTopic() async throws {
    let cluster = try MockCluster()
    cluster.createTopic("orders")
    let producer = try TestProducer(cluster.brokers)
    try producer.write(.orders(1...5))
    let reading = try Reading(cluster.brokers)
    #expect(await waitUntil { reading.sink.status.isComplete && reading.sink.count == 5 })
    cluster.setError(of: "orders", MockCluster.topicAuthorizationFailed)
    #expect(
      await waitUntil { reading.sink.status.error?.contains("the partitions of orders are not known") ?? false })
    #expect(reading.sink.status.partitions == 1)
    cluster.setError(of: "orders", 0)
    #expect(await waitUntil { reading.sink.status.error == nil && reading.sink.status.phase == .up })
    try producer.write(.orders(6...9))
    #expect(await waitUntil { reading.ids.last == "9" })
    #expect(reading.ids == (1...9).map(String.init))
  }

  @Test("a topic that one metadata response does not list keeps its position")
  func absentOnce() async throws {
    let cluster = try MockCluster()
    cluster.createTopic("orders")
    let producer = try TestProducer(cluster.brokers)
    try producer.write(.orders(1...5))
    let reading = try Reading(cluster.brokers, topics: ["orders"])
    #expect(await waitUntil { reading.sink.status.isComplete && reading.sink.count == 5 })
    cluster.setError(of: "orders", MockCluster.unknownTopic)
    let isAbsent = { reading.sink.status.notes.contains("topic orders does not exist yet") }
    #expect(await waitUntil { isAbsent() })
    cluster.setError(of: "orders", 0)
    #expect(await waitUntil { !isAbsent() })
    try producer.write(.orders(6...9))
    #expect(await waitUntil { reading.ids.last == "9" })
    #expect(reading.ids == (1...9).map(String.init))
  }

  @Test("a partition that may be read again is readable again, although no message arrives")
  func permittedAgain() async throws {
    let cluster = try MockCluster()
    cluster.createTopic("orders")
    try TestProducer(cluster.brokers).write(.orders(1...5))
    let reading = try Reading(cluster.brokers)
    #expect(await waitUntil { reading.sink.status.isComplete && reading.sink.count == 5 })
    cluster.refuse(.fetch, with: MockCluster.topicAuthorizationFailed, times: 3)
    #expect(await waitUntil { reading.sink.status.error?.hasPrefix("orders[0] cannot be read") ?? false })
    #expect(reading.sink.status.phase == .degraded)
    #expect(await waitUntil(.seconds(30)) { reading.sink.status.phase == .up && reading.sink.status.error == nil })
    #expect(reading.sink.count == 5)
  }

  @Test("stopping does not wait for a dead server", arguments: [false, true])
  func stop(isSilent: Bool) async throws {
    let silent = try SilentServer()
    let reading = try Reading("127.0.0.1:\(isSilent ? silent.port : try LoopbackPort.free())")
    #expect(await waitUntil { reading.sink.status.phase == .down })
    let stopping = Task.detached { [source = reading.source] in source.stop() }
    let stopped = Flag()
    Task {
      await stopping.value; stopped.raise()
    }
    #expect(await waitUntil { stopped.isRaised })
  }

  @Test(
    "a property that librdkafka rejects is refused before anything starts",
    arguments: [
      (("no.such.property", "1"), "Kafka property `no.such.property` is not known to librdkafka"),
      (("fetch.wait.max.ms", "soon"), "Kafka property `fetch.wait.max.ms`: Invalid value"),
      (("security.protocol", "carrier-pigeon"), "Kafka property `security.protocol`: Invalid value"),
    ] as [((String, String), String)])
  func property(property: (String, String), error: String) throws {
    let settings = KafkaSettings(
      brokers: "127.0.0.1:1", properties: [(name: property.0, value: property.1)], topics: [])
    let thrown = #expect(throws: KafkaError.self) { try KafkaSource.check(settings) }
    #expect(thrown?.description.hasPrefix(error) ?? false, "\(thrown?.description ?? "")")
  }

  @Test("an operator's properties take precedence, except those that would join a group or commit")
  func properties() async throws {
    let server = try NoidaServer()
    let producer = try TestProducer(server.brokers)
    try producer.createTopic("orders")
    try producer.write(.orders(1...3))
    let before = try producer.groups()
    let reading = try Reading(
      server.brokers,
      properties: [("group.id", "billing"), ("enable.auto.commit", "true"), ("fetch.wait.max.ms", "10")])
    #expect(await waitUntil { reading.sink.status.isComplete })
    reading.stop()
    #expect(try producer.groups() == before)
    #expect(try producer.committed("orders", partition: 0, group: "billing") == nil)
  }

  /// Blocks the reader once everything is read, like a suspended process, while more messages are published.
  private final class SuspendedSink: ObservationSink {
    struct State {
      var events = 0
      var hasSlept = false
      /// The number of events read at each status that reports completeness after the suspension.
      var wholes: [Int] = []
      var hasSaidPartial = false
    }

    let state = Mutex(State())
    let later = Atomic<Int64>(0)
    private let meanwhile: @Sendable () -> Void

    init(_ meanwhile: @escaping @Sendable () -> Void) { self.meanwhile = meanwhile }

    func accept(_ batch: EventBatch) { state.withLock { $0.events += batch.events.count } }

    func accept(_ status: SourceStatus) {
      let mustSleep = state.withLock { state in
        if state.hasSlept, status.isComplete { state.wholes.append(state.events) }
        if state.hasSlept, !status.isComplete { state.hasSaidPartial = true }
        defer { state.hasSlept = state.hasSlept || status.isComplete }
        return status.isComplete && !state.hasSlept
      }
      guard mustSleep else { return }
      meanwhile()
      later.store(60_000, ordering: .relaxed)
    }

    func accept(_ reading: LagSample) {}
    func accept(_ reading: LockSample) {}
    func accept(_ reading: ServiceSample) {}
    func accept(_ actions: [ActionRecord]) {}
    func accept(_ sample: TraceSample) {}
    func accept(_ sample: PodSample) {}
  }

  @Test("after a suspension the source is incomplete until everything up to the new end is read")
  func suspended() async throws {
    let server = try NoidaServer()
    let producer = try TestProducer(server.brokers)
    try producer.createTopic("orders", partitions: 2)
    try producer.write(.orders(1...20))
    let sink = SuspendedSink { [brokers = server.brokers] in
      guard let other = try? TestProducer(brokers) else { return }
      try? other.write(.orders(21...5000) + .orders(5001...9000, partition: 1))
    }
    let source = KafkaSource(
      KafkaSettings(brokers: server.brokers, topics: [try NamePattern("*")]), system: Reading.system,
      symbols: SymbolTable(), sink: sink,
      now: { SystemClock.now() + .milliseconds(sink.later.load(ordering: .relaxed)) })
    source.start()
    defer { source.stop() }
    #expect(await waitUntil { sink.state.withLock { !$0.wholes.isEmpty } })
    #expect(sink.state.withLock { $0.hasSaidPartial && $0.wholes[0] == 9000 }, "\(sink.state.withLock { $0.wholes })")
  }
}
