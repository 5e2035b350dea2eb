import Collectors
import Core
import TestSupport
import Testing

@Suite("consumer groups of a cluster with failures")
struct LagTroubleTests {
  private static let deadline = Duration.milliseconds(600)
  /// Allows for a slow machine. librdkafka alone would wait for a minute.
  private static let slack = Duration.seconds(10)
  /// Longer than the test allows a round to take.
  private static let longDeadline = Duration.seconds(60)

  private func cluster(brokers: Int32 = 1, partitions: Int32 = 2) throws -> MockCluster {
    let cluster = try MockCluster(brokers: brokers)
    cluster.createTopic("orders", partitions: partitions)
    for partition in 0..<partitions { cluster.setLeader(of: "orders", partition, to: 1 + partition % brokers) }
    let producer = try TestProducer(cluster.brokers)
    for partition in 0..<partitions { try producer.write(.orders(1...10, partition: partition)) }
    return cluster
  }

  private func expectPunctual(_ watching: LagWatching) {
    for reading in watching.sink.readings { #expect(reading.took < Self.deadline + Self.slack) }
  }

  @Test("if a broker cannot list groups, only offsets of configured groups are known, and no members")
  func unlisted() async throws {
    let cluster = try cluster()
    let member = try TestMember(cluster.brokers, group: "shipping", topics: ["orders"], clientID: "a")
    #expect(await waitUntil { member.read == 20 })
    let watching = try LagWatching(
      cluster.brokers, configured: ["shipping", "ghost"], topics: ["orders"], deadline: Self.deadline)
    #expect(await waitUntil { watching.commits("shipping") == ["orders[0]": 10, "orders[1]": 10] })
    #expect(watching.ends == ["orders[0]": 10, "orders[1]": 10])
    #expect(watching.starts == ["orders[0]": 0, "orders[1]": 0])
    let group = try #require(watching.group("shipping"))
    #expect(group.state == nil && group.members == nil)
    #expect(group.error == "the broker does not tell of its state and members")
    #expect(watching.commits("ghost") == [:])
    #expect(watching.sink.readings.allSatisfy { !$0.isListed })
    #expect(watching.sink.status.phase == .up && watching.sink.status.isComplete)
    #expect(watching.sink.status.notes.first?.hasPrefix("the broker does not list its consumer groups") ?? false)
    expectPunctual(watching)
    await member.leave()
  }

  @Test("unsupported requests are not repeated in every round")
  func learned() async throws {
    let cluster = try cluster()
    let watching = try LagWatching(
      cluster.brokers, configured: ["shipping"], topics: ["orders"], deadline: Self.longDeadline)
    #expect(await waitUntil { watching.sink.readings.count >= 6 })
    let requests = watching.sink.readings.dropFirst(3).map(\.requests)
    // Metadata, one group's commits, start offsets, end offsets. The coordinator is cached.
    #expect(requests.allSatisfy { $0 <= 6 })
    #expect(watching.sink.readings.allSatisfy { $0.took < Self.longDeadline / 3 })
  }

  @Test("a dead leader makes only its partitions unknown and delays a round only up to the deadline")
  func deadLeader() async throws {
    let cluster = try cluster(brokers: 3, partitions: 6)
    cluster.setCoordinator(of: "shipping", to: 1)
    let watching = try LagWatching(
      cluster.brokers, configured: ["shipping"], topics: ["orders"], deadline: Self.deadline)
    #expect(await waitUntil { watching.sink.status.isComplete })
    #expect(watching.ends.values.allSatisfy { $0 == 10 })
    cluster.takeDown(2)
    #expect(await waitUntil { watching.sink.status.phase == .degraded })
    #expect(await waitUntil { watching.ends["orders[1]"] == .some(nil) })
    #expect(
      watching.ends == [
        "orders[0]": 10, "orders[1]": nil, "orders[2]": 10, "orders[3]": 10, "orders[4]": nil, "orders[5]": 10,
      ])
    #expect(watching.commits("shipping") == [:])
    #expect(watching.sink.status.error?.contains("trying again in") ?? false)
    cluster.bringUp(2)
    #expect(await waitUntil(.seconds(40)) { watching.sink.status.phase == .up })
    #expect(watching.ends.values.allSatisfy { $0 == 10 })
    expectPunctual(watching)
  }

  @Test("a dead coordinator makes only its groups' offsets unknown")
  func deadCoordinator() async throws {
    let cluster = try cluster(brokers: 3)
    cluster.setCoordinator(of: "shipping", to: 3)
    cluster.setCoordinator(of: "billing", to: 1)
    let watching = try LagWatching(
      cluster.brokers, configured: ["shipping", "billing"], topics: ["orders"], deadline: Self.deadline)
    #expect(await waitUntil { watching.sink.status.isComplete })
    cluster.takeDown(3)
    #expect(await waitUntil { watching.group("shipping")?.commits == nil && watching.sink.status.phase == .degraded })
    #expect(watching.commits("billing") == [:])
    #expect(watching.group("shipping")?.error?.contains("no offsets") ?? false)
    #expect(watching.sink.status.error?.contains("group shipping") ?? false)
    #expect(watching.ends == ["orders[0]": 10, "orders[1]": 10])
    cluster.bringUp(3)
    #expect(await waitUntil(.seconds(40)) { watching.commits("shipping") == [:] })
    expectPunctual(watching)
  }

  /// librdkafka 2.0.2 aborts the program if a coordinator returns after requests to it have timed out.
  @Test("brokers that restart make numbers unknown only while they are down")
  func flapping() async throws {
    let cluster = try cluster(brokers: 3, partitions: 6)
    let names = (0..<12).map { "group-\($0)" }
    for (number, name) in names.enumerated() { cluster.setCoordinator(of: name, to: Int32(1 + number % 3)) }
    let watching = try LagWatching(
      cluster.brokers, configured: names, topics: ["orders"], deadline: .milliseconds(150))
    #expect(await waitUntil { watching.sink.status.isComplete })
    for broker in [Int32(2), 3, 1, 2, 3, 1] {
      cluster.takeDown(broker)
      #expect(await waitUntil { watching.sink.status.phase != .up })
      cluster.bringUp(broker)
      #expect(await waitUntil(.seconds(40)) { watching.sink.status.phase == .up })
    }
    #expect(
      await waitUntil {
        watching.ends.values.allSatisfy { $0 == 10 }
          && watching.sink.readings.last?.groups.allSatisfy { $0.commits != nil } ?? false
      })
  }

  @Test("a coordinator that moves to another broker is found")
  func movedCoordinator() async throws {
    let cluster = try cluster(brokers: 3)
    cluster.setCoordinator(of: "shipping", to: 3)
    let watching = try LagWatching(
      cluster.brokers, configured: ["shipping"], topics: ["orders"], deadline: .milliseconds(300),
      patience: .milliseconds(500))
    #expect(await waitUntil { watching.sink.status.isComplete })
    cluster.takeDown(3)
    #expect(await waitUntil { watching.group("shipping")?.commits == nil })
    cluster.setCoordinator(of: "shipping", to: 2)
    #expect(await waitUntil(.seconds(60)) { watching.group("shipping")?.commits != nil })
  }

  @Test(
    "an error response is reported without waiting",
    arguments: [
      (MockCluster.Request.findCoordinator, MockCluster.groupAuthorizationFailed, "Broker: Group authorization failed"),
      (.offsetFetch, MockCluster.groupAuthorizationFailed, "Broker: Group authorization failed"),
      (.offsetFetch, MockCluster.unknown, "Unknown broker error"),
    ])
  func refused(request: MockCluster.Request, error: Int32, text: String) async throws {
    let cluster = try cluster()
    cluster.refuse(request, with: error, times: 10_000)
    let watching = try LagWatching(
      cluster.brokers, configured: ["shipping"], topics: ["orders"], deadline: Self.longDeadline)
    #expect(await waitUntil { watching.sink.readings.count >= 3 })
    #expect(watching.group("shipping")?.commits == nil)
    #expect(watching.group("shipping")?.error?.hasPrefix("no offsets: \(text); ") ?? false)
    #expect(watching.ends == ["orders[0]": 10, "orders[1]": 10])
    #expect(watching.sink.readings.allSatisfy { $0.took < Self.longDeadline / 3 })
    cluster.refuse(request, with: 0, times: 0)
    #expect(await waitUntil(.seconds(60)) { watching.group("shipping")?.commits != nil })
  }

  @Test("if nothing listens, the status contains the address, the reason and the next retry")
  func absent() async throws {
    let address = "127.0.0.1:\(try LoopbackPort.free())"
    let watching = try LagWatching(address, interval: .seconds(2), deadline: Self.deadline)
    #expect(await waitUntil { watching.sink.status.error != nil })
    #expect(watching.sink.status.phase == .down && !watching.sink.status.isComplete)
    #expect(
      watching.sink.status.error
        == "\(address): Connect to \(address) failed: Connection refused; trying again every 2 s"
    )
    #expect(watching.sink.readings.isEmpty)
  }

  @Test("a server that accepts connections and never responds is down and does not block the end of the source")
  func silent() async throws {
    let server = try SilentServer()
    let watching = try LagWatching("127.0.0.1:\(server.port)", deadline: Self.deadline)
    #expect(await waitUntil { watching.sink.status.phase == .down })
    #expect(watching.sink.status.error?.contains("127.0.0.1:\(server.port)") ?? false)
    let clock = ContinuousClock()
    let start = clock.now
    watching.stop()
    #expect(clock.now - start < .seconds(3))
  }
}
