import Collectors
import Core
import Synchronization
import TestSupport
import Testing
import Text

@Suite("reading thousands of topics", .serialized)
struct ManyTopicsTests {
  private static let topics = 2000

  @Test("no event of two thousand new topics is missed, and a long idle topic is still read")
  func appearing() async throws {
    let server = try NoidaServer()
    let producer = try TestProducer(server.brokers)
    let reading = try Reading(server.brokers, topics: ["saga-events-*"])
    #expect(await waitUntil { reading.sink.status.isComplete })
    for number in 0..<Self.topics {
      try producer.createTopic("saga-events-\(number)", partitions: 3)
      try producer.write(.orders(number...number, topic: "saga-events-\(number)", partition: Int32(number % 3)))
    }
    #expect(await waitUntil(.seconds(60)) { reading.sink.count == Self.topics })
    #expect(Set(reading.ids).count == Self.topics)
    for number in [0, 7, 1999] {
      try producer.write(.orders(number...number, topic: "saga-events-\(number)", partition: Int32(number % 3)))
      try producer.write(.orders(number...number, topic: "saga-events-\(number)", partition: Int32((number + 1) % 3)))
    }
    #expect(await waitUntil(.seconds(60)) { reading.sink.count == Self.topics + 6 })
    #expect(Set(reading.sink.events.map(\.origin)).count == Self.topics + 6)
  }

  /// A sink that takes very long for its first batch.
  private final class SlowSink: ObservationSink {
    struct State {
      var events = 0
      var eventsWhenComplete: Int?
    }

    let state = Mutex(State())
    let later = Atomic<Int64>(0)
    private let meanwhile: @Sendable () -> Void

    init(meanwhile: @escaping @Sendable () -> Void) { self.meanwhile = meanwhile }

    func accept(_ batch: EventBatch) {
      if state.withLock({ $0.events }) == 0 {
        meanwhile()
        later.store(10_000, ordering: .relaxed)
      }
      state.withLock { $0.events += batch.events.count }
    }

    func accept(_ status: SourceStatus) {
      state.withLock { if status.isComplete, $0.eventsWhenComplete == nil { $0.eventsWhenComplete = $0.events } }
    }

    func accept(_ reading: LagSample) {}
    func accept(_ reading: LockSample) {}
    func accept(_ reading: ServiceSample) {}
    func accept(_ actions: [ActionRecord]) {}
    func accept(_ sample: TraceSample) {}
    func accept(_ sample: PodSample) {}
  }

  @Test("topics that appear during a slow initial read are read before it is complete")
  func slow() async throws {
    let server = try NoidaServer()
    let producer = try TestProducer(server.brokers)
    try producer.createTopic("saga-events-1", partitions: 3)
    try producer.write(.orders(1...1, topic: "saga-events-1"))
    let sink = SlowSink { [brokers = server.brokers] in
      guard let other = try? TestProducer(brokers) else { return }
      try? other.createTopic("saga-events-2", partitions: 3)
      try? other.write(.orders(2...5, topic: "saga-events-2", partition: 2))
    }
    let source = KafkaSource(
      KafkaSettings(brokers: server.brokers, topics: [try NamePattern("*")]), system: Reading.system,
      symbols: SymbolTable(), sink: sink,
      now: { SystemClock.now() + .milliseconds(sink.later.load(ordering: .relaxed)) })
    source.start()
    defer { source.stop() }
    #expect(await waitUntil { sink.state.withLock { $0.eventsWhenComplete != nil } })
    #expect(sink.state.withLock { $0.eventsWhenComplete } == 5)
  }
}
