import CSystem
import Collectors
import Core
import Glibc
import Synchronization
import TestSupport
import Text

/// Cost of thousands of followed idle topics, and the delay until the first event of a new topic is read.
struct TopicsBenchmark {
  private static let topics = 2000
  private static let partitions: Int32 = 3
  private static let idle = 10
  /// New topics per second.
  private static let pace = 200

  func run(_ budgets: Budgets) throws {
    print("\(Self.topics) topics of \(Self.partitions) partitions")
    try idle(budgets)
    try appearing(budgets)
  }

  private func idle(_ budgets: Budgets) throws {
    let server = try NoidaServer()
    try make(on: server) { _ in }
    let before = Self.residentBytes()
    let arrivals = Arrivals()
    let started = ContinuousClock.now
    let source = try Self.source(server, arrivals)
    source.start()
    defer { source.stop() }
    guard blockUntil(.seconds(120), { arrivals.isComplete && arrivals.count == Self.topics }) else {
      throw TestFailure("\(arrivals.count) of \(Self.topics) topics were read")
    }
    let read = (ContinuousClock.now - started) / .seconds(1)
    print("    there at the start            all read after \(Budgets.text(read)) s")
    // Waits until quiet partitions above the limit are no longer followed.
    sleep(10)
    let used = Self.processSeconds()
    sleep(UInt32(Self.idle))
    let share = (Self.processSeconds() - used) / Double(Self.idle)
    let each = (Self.residentBytes() - before) / Self.topics
    print("    silent                        \(each) bytes a topic, \((share * 1000).rounded() / 10) % of a core")
    budgets.add(
      "2,000 silent topics", share * 100, .atMost(5), unit: " % of a core", ratio: "read after \(Budgets.text(read)) s",
      by: "topics")
  }

  private func appearing(_ budgets: Budgets) throws {
    let server = try NoidaServer()
    let arrivals = Arrivals()
    let source = try Self.source(server, arrivals)
    source.start()
    defer { source.stop() }
    guard blockUntil(.seconds(10), { arrivals.isComplete }) else { throw TestFailure("the empty broker is not read") }
    let started = ContinuousClock.now
    try make(on: server) { number in
      let due = started + .seconds(1) * number / Self.pace
      while ContinuousClock.now < due { usleep(1000) }
      arrivals.wrote(number)
    }
    _ = blockUntil(.seconds(30)) { arrivals.count == Self.topics }
    let delays = arrivals.delays
    let missing = Self.topics - delays.count
    budgets.add(
      "2,000 topics appear, missed", Double(missing), .atMost(0),
      ratio: "read after \(delays.isEmpty ? 0 : delays[delays.count / 2]) ms (p50)", by: "topics")
    let half = delays.isEmpty ? 0 : delays[delays.count / 2]
    print(
      "    appearing, \(Self.pace) a second       \(missing) missed, read after \(half) ms (p50), \(delays.last ?? 0) ms (all)"
    )
  }

  /// Creates the topics with one event each.
  private func make(on server: NoidaServer, before: (Int) -> Void) throws {
    let producer = try TestProducer(server.brokers)
    for number in 0..<Self.topics {
      before(number)
      let name = "saga-events-\(number)"
      try producer.createTopic(name, partitions: Self.partitions)
      try producer.write([.init(name, "{\"sagaId\":\"\(number)\",\"type\":\"SagaStarted\"}")])
    }
  }

  private static func source(_ server: NoidaServer, _ sink: Arrivals) throws -> KafkaSource {
    let saga = SagaDefinition(
      type: "saga", identities: [.init(name: "sagaId", sources: [.path(["sagaId"])])],
      events: [EventRule(type: "SagaStarted", startsSaga: true)])
    let system = SystemDefinition(
      name: "bench", topics: [], fields: EventFields(type: [.path(["type"])]), sagas: [saga])
    return KafkaSource(
      KafkaSettings(brokers: server.brokers, topics: [try NamePattern("saga-events-*")]), system: system,
      symbols: SymbolTable(), sink: sink)
  }

  private static func residentBytes() -> Int {
    malloc_trim(0)
    guard let file = fopen("/proc/self/statm", "r") else { return 0 }
    defer { fclose(file) }
    var line = [CChar](repeating: 0, count: 128)
    guard fgets(&line, 128, file) != nil else { return 0 }
    let words = String(decoding: line.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self).split(
      separator: " ")
    return (words.dropFirst().first.flatMap { Int($0) } ?? 0) * Int(getpagesize())
  }

  private static func processSeconds() -> Double {
    var used = timespec()
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &used)
    return Double(used.tv_sec) + Double(used.tv_nsec) / 1e9
  }
}

/// Write and read time of each topic's event.
private final class Arrivals: ObservationSink {
  private struct State {
    var written: [Int: ContinuousClock.Instant] = [:]
    var read: [Int: ContinuousClock.Instant] = [:]
    var isComplete = false
  }

  private let state = Mutex(State())

  func accept(_ batch: EventBatch) {
    let now = ContinuousClock.now
    state.withLock { state in
      for event in batch.events {
        if let number = event.link.flatMap({ Int($0.key.value) }), state.read[number] == nil {
          state.read[number] = now
        }
      }
    }
  }

  func accept(_ status: SourceStatus) {
    state.withLock { $0.isComplete = status.isComplete }
  }
  func accept(_ reading: LagSample) {}
  func accept(_ reading: LockSample) {}
  func accept(_ reading: ServiceSample) {}
  func accept(_ actions: [ActionRecord]) {}
  func accept(_ sample: TraceSample) {}
  func accept(_ sample: PodSample) {}

  func wrote(_ number: Int) { state.withLock { $0.written[number] = ContinuousClock.now } }

  var isComplete: Bool { state.withLock { $0.isComplete } }
  var count: Int { state.withLock { $0.read.count } }

  /// Milliseconds from write to read, ascending.
  var delays: [Int64] {
    state.withLock { state in
      state.read.compactMap { number, read in
        state.written[number].map { (read - $0) / .milliseconds(1) }.map { Int64($0) }
      }.sorted()
    }
  }
}
