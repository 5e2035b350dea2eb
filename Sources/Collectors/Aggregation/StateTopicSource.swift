import Clients
import Core
import Synchronization
import Text

/// Reads the state that `sagatop aggregate` has written to a topic, instead of the source topics. Joins no consumer group.
package final class StateTopicSource: Source {
  package static let kind = SourceKind.kafka

  private let settings: KafkaSettings
  private let topic: String
  private let system: SystemDefinition
  private let symbols: SymbolTable
  private let sink: any ObservationSink
  private let now: @Sendable () -> Timestamp
  private let thread = WorkerThread()
  private let isStopping = Atomic(false)

  package init(
    _ settings: KafkaSettings, topic: String, system: SystemDefinition, symbols: SymbolTable,
    sink: any ObservationSink, now: @escaping @Sendable () -> Timestamp = SystemClock.now
  ) {
    self.settings = settings
    self.topic = topic
    self.system = system
    self.symbols = symbols
    self.sink = sink
    self.now = now
  }

  package func start() {
    sink.accept(SourceStatus(.kafka))
    if !thread.start({ [self] in run() }) { fail("the system gives no thread to read Kafka with") }
  }

  package func stop() {
    isStopping.store(true, ordering: .relaxed)
    thread.join(patience: .seconds(1))
  }

  private func run() {
    do {
      let reader = try StateTopicReader(settings, topic: topic, system: system, symbols: symbols, sink: sink, now: now)
      while !isStopping.load(ordering: .relaxed) { reader.step() }
    } catch { fail(error.description) }
  }

  private func fail(_ reason: String) {
    var status = SourceStatus(.kafka, phase: .down)
    status.error = reason
    sink.accept(status)
  }
}

/// Used by one thread, which calls `step` repeatedly.
private final class StateTopicReader {
  private static let discoveryInterval = Duration.seconds(3)
  private static let requestTimeout = Duration.seconds(2)
  private static let waitForMessages = Duration.milliseconds(200)
  private static let reportInterval = Duration.milliseconds(500)

  private let settings: KafkaSettings
  private let topic: String
  private let client: KafkaClient
  private let questions: GroupClient
  private let sink: any ObservationSink
  private let now: @Sendable () -> Timestamp
  private var records: StateRecordReader
  private var latest = LatestRecords()
  private var coverage = StateCoverage()
  private var status = SourceStatus(.kafka)
  /// The first known end offsets of the partitions; a partition that is read up to its end is removed.
  private var unread: [Int32: Int64] = [:]
  private var known: Set<Int32> = []
  private var discoverAt = Timestamp.distantPast
  private var reportAt = Timestamp.distantPast
  private var outage: String?
  private let startedAt: Timestamp
  /// Everything that was written to the source topics before the start is known.
  private var hasCaughtUp = false

  init(
    _ settings: KafkaSettings, topic: String, system: SystemDefinition, symbols: SymbolTable,
    sink: any ObservationSink, now: @escaping @Sendable () -> Timestamp
  ) throws(KafkaError) {
    self.settings = settings
    self.topic = topic
    client = try KafkaClient(settings.access)
    questions = try GroupClient(settings.access)
    self.sink = sink
    self.now = now
    startedAt = now()
    records = StateRecordReader(system, symbols: symbols)
  }

  func step() {
    if now() >= discoverAt { discover() }
    receive()
    if now() >= reportAt { report() }
  }

  private func receive() {
    var isQuiet = true
    client.receive(timeout: Self.waitForMessages) { received in
      switch received.kind {
      case .message:
        isQuiet = false
        status.bytes += received.length
        latest.take(key: received.key, value: received.body)
        if let end = unread[received.partition], received.offset + 1 >= end { unread[received.partition] = nil }
      case .endOfPartition: unread[received.partition] = nil
      case .error(let text): outage = text
      }
    }
    guard isQuiet || unread.isEmpty || latest.isDue(at: now()) else { return }
    latest.drain(at: now()) { records.take($0) }
    records.flush(to: sink)
    coverage.note(records.takeProgress())
    if !hasCaughtUp, !known.isEmpty, unread.isEmpty { reportAt = .distantPast }
  }

  /// Updates the partitions of the state topic and of its source topics.
  private func discover() {
    discoverAt = now() + Self.discoveryInterval
    guard case .success(let metadata) = questions.metadata(timeout: Self.requestTimeout) else {
      outage = questions.takeError() ?? outage ?? "\(settings.brokers): no broker answered"
      return
    }
    status.brokers = metadata.brokers.count
    coverage.note(metadata) { $0 != topic && settings.wants(topic: $0) }
    guard let partitions = metadata.topics[topic] else {
      outage = "there is no topic \(topic), or it may not be read; `sagatop aggregate --topic \(topic)` writes it"
      return
    }
    let new = partitions.map { TopicPartition(topic: topic, partition: $0.id) }.filter { !known.contains($0.partition) }
    outage = begin(new) ? nil : "\(topic): a leader of its partitions does not answer"
  }

  /// Returns false if the offsets of a partition are unknown.
  private func begin(_ partitions: [TopicPartition]) -> Bool {
    if partitions.isEmpty { return true }
    let ends = questions.offsets(of: partitions, at: -1)
    let starts = questions.offsets(of: partitions, at: -2)
    let found = starts.filter { ends[$0.key] != nil }
    do throws(KafkaError) { try client.assign(adding: found) } catch {
      outage = error.description
      return false
    }
    for (id, start) in found {
      known.insert(id.partition)
      if let end = ends[id], end > start { unread[id.partition] = end }
    }
    return found.count == partitions.count
  }

  private func report() {
    let instant = now()
    reportAt = instant + Self.reportInterval
    status.messages = records.events
    status.topics = coverage.topics
    status.partitions = coverage.partitions
    let isRead = !known.isEmpty && unread.isEmpty
    let verdict = coverage.verdict(at: instant)
    if isRead, let until = verdict.until, until >= startedAt { hasCaughtUp = true }
    status.isComplete = hasCaughtUp
    status.patience = verdict.patience
    status.lastSuccess = verdict.until
    (status.judgedUntil, status.readUntil) = (verdict.until, isRead ? verdict.until : nil)
    status.error = outage ?? (isRead ? passedOver ?? verdict.doubt.map { "\(topic): \($0)" } : nil)
    status.phase =
      outage != nil ? .down : status.error != nil ? .degraded : hasCaughtUp ? .up : .catchingUp
    sink.accept(status)
  }

  private var passedOver: String? {
    guard let reason = records.refusal else { return nil }
    return "\(topic): \(Quantity.grouped(records.refused)) records were passed over: \(reason)"
  }
}

/// How far the state that was read covers the source topics: the union of the progress of all writers. Pure.
struct StateCoverage {
  private static let leastPatience = Duration.seconds(20)
  /// Number of missed publications that are tolerated.
  private static let missed = 4

  struct Verdict: Equatable {
    /// Everything written to any partition before this time is known; `nil` if a partition has no progress.
    var until: Timestamp?
    var patience: Duration
    /// What is unknown, and the remedy; `nil` if there is no doubt.
    var doubt: String?
  }

  /// All partitions of the source topics; empty if they may not be listed.
  var wanted: Set<TopicPartition> = []
  /// Source topics whose partitions were never listed because of an error, with the error.
  private var unlisted: [String: String] = [:]
  private var told: [TopicPartition: StateProgress] = [:]

  /// Updates the partitions of the source topics.
  mutating func note(_ metadata: ClusterMetadata, isSource: (String) -> Bool) {
    let listed = metadata.topics.filter { isSource($0.key) }.flatMap { name, partitions in
      partitions.map { TopicPartition(topic: name, partition: $0.id) }
    }
    // The partitions of a topic with an error still exist.
    wanted = wanted.filter { metadata.troubled[$0.topic] != nil }.union(listed)
    let topics = Set(wanted.map(\.topic))
    unlisted = metadata.troubled.filter { isSource($0.key) && !topics.contains($0.key) }
  }

  /// Records of several writers arrive in any order.
  mutating func note(_ progress: [StateProgress]) {
    for progress in progress {
      let id = TopicPartition(topic: progress.topic, partition: progress.partition)
      if let known = told[id], known.until > progress.until { continue }
      told[id] = progress
    }
  }

  private var relevant: [TopicPartition] { wanted.isEmpty ? Array(told.keys) : Array(wanted) }
  var partitions: Int { relevant.count }
  var topics: Int { Set(relevant.map(\.topic)).count }

  func verdict(at now: Timestamp) -> Verdict {
    let all = relevant
    let patience = all.compactMap { told[$0]?.interval }.max().map { max(Self.leastPatience, $0 * Self.missed) }
    var verdict = Verdict(until: nil, patience: patience ?? Self.leastPatience)
    if let (topic, reason) = unlisted.min(by: { $0.key < $1.key }) {
      let rest = unlisted.count > 1 ? "; and \(unlisted.count - 1) more topics" : ""
      verdict.doubt = "the partitions of the source topic \(topic) are not known: \(reason)\(rest)"
      return verdict
    }
    let untold = all.filter { told[$0] == nil }
    if let first = untold.min(by: isBefore) {
      verdict.doubt =
        "nothing is told of \(untold.count) of \(all.count) partitions, such as \(name(first)); "
        + "does `sagatop aggregate` run?"
      return verdict
    }
    guard let oldest = all.compactMap({ told[$0] }).min(by: { $0.until < $1.until }) else {
      verdict.doubt = "it holds nothing yet; does `sagatop aggregate` run?"
      return verdict
    }
    verdict.until = oldest.until
    if now - oldest.until > verdict.patience {
      verdict.doubt =
        "\(oldest.topic)/\(oldest.partition) is told of up to \(oldest.until.iso8601) only; "
        + "does `sagatop aggregate` run, and keep up?"
    }
    return verdict
  }

  private func isBefore(_ left: TopicPartition, _ right: TopicPartition) -> Bool {
    (left.topic, left.partition) < (right.topic, right.partition)
  }

  private func name(_ id: TopicPartition) -> String { "\(id.topic)/\(id.partition)" }
}
