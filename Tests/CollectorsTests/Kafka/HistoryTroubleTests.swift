import Core
import TestSupport
import Testing
import Text

@testable import Clients
@testable import Collectors

@Suite("Older events of partitions that cannot be read")
struct HistoryTroubleTests {
  private static let ids = (0..<2).map { TopicPartition(topic: "orders", partition: $0) }

  @Test("partitions without a leader and topics with an error are named if older events are requested of them")
  func named() {
    let other = TopicPartition(topic: "refunds", partition: 0)
    let metadata = ClusterMetadata(
      brokers: [:],
      topics: ["orders": [.init(id: 0, leader: 1), .init(id: 1, leader: -1)], "payments": [.init(id: 0, leader: -1)]],
      troubled: ["refunds": "Leader not available", "private": "no permission"])
    #expect(MissingPartitions(of: Set(Self.ids), in: metadata).text == "no broker leads orders[1]")
    #expect(
      MissingPartitions(of: Set(Self.ids + [other]), in: metadata).text
        == "no broker leads orders[1]; the partitions of refunds are not known: Leader not available")
    #expect(MissingPartitions(of: [Self.ids[0]], in: metadata).text == nil)
  }

  @Test(
    "the error of the reader names the topic that blocks older events, and its reason; they are read when it is gone")
  func blocked() async throws {
    let cluster = try MockCluster()
    cluster.createTopic("orders")
    try TestProducer(cluster.brokers).write(.orders(1...5))
    cluster.setError(of: "orders", MockCluster.topicAuthorizationFailed)
    let (symbols, sink) = (SymbolTable(), CollectingSink())
    let now = SystemClock.now()
    let reader = HistoryReader(
      KafkaSettings(brokers: cluster.brokers, topics: [try NamePattern("orders")]),
      fields: CompiledFields(Reading.system, symbols: symbols), symbols: symbols, sink: sink, registry: nil,
      ends: [Self.ids[0]: 5], window: ReadWindow(wantedSince: nil, readSince: now), now: SystemClock.now)
    reader.start()
    defer { reader.stop(patience: .seconds(5)) }
    let isNamed = await waitUntil {
      reader.state.error?.contains(
        "does not tell where older events lie: the partitions of orders are not known: Broker: Topic authorization failed"
      ) ?? false
    }
    #expect(isNamed, "\(reader.state.error ?? "-")")
    cluster.setError(of: "orders", 0)
    #expect(await waitUntil { sink.count == 5 && reader.state.window.isWhole && reader.state.error == nil })
  }
}
