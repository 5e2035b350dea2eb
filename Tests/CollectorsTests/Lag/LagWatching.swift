import Collectors
import Core
import Synchronization
import TestSupport
import Text

@testable import Clients

/// A lag source that polls a broker during a test.
final class LagWatching {
  let sink = LagSink()
  let symbols = SymbolTable()
  private let source: LagSource

  /// A long default deadline, so that rounds are complete on a busy machine.
  init(
    _ brokers: String, groups patterns: [String] = ["*"], configured: [String] = [], topics: [String] = [],
    interval: Duration = .milliseconds(100), deadline: Duration = .seconds(10), patience: Duration = .seconds(15)
  ) throws {
    let kafka = KafkaSettings(brokers: brokers, topics: try topics.map { try NamePattern($0) })
    source = LagSource(
      LagSettings(
        kafka: kafka, patterns: try patterns.map { try NamePattern($0) }, groups: configured, interval: interval,
        deadline: deadline, patience: patience),
      symbols: symbols, sink: sink)
    source.start()
  }

  /// Stops the source on another thread without waiting, because other tests need this one.
  deinit {
    let thread = WorkerThread()
    _ = thread.start { [source] in source.stop() }
    thread.join(patience: .zero)
  }

  func stop() { source.stop() }

  func group(_ name: String) -> GroupSample? { sink.readings.last?.groups.first { $0.name == name } }

  /// Committed offsets of a group by `topic[partition]`.
  func commits(_ name: String) -> [String: Int64?]? {
    group(name)?.commits.map { commits in
      Dictionary(commits.map { (key($0.topic, $0.partition), $0.offset) }, uniquingKeysWith: { $1 })
    }
  }

  /// End offsets by `topic[partition]`; `starts` are the start offsets.
  var ends: [String: Int64?] { log { $0.end } }
  var starts: [String: Int64?] { log { $0.start } }

  private func log(_ value: (PartitionOffsets) -> Int64?) -> [String: Int64?] {
    let partitions = sink.readings.last?.partitions ?? []
    return Dictionary(
      partitions.map { (key($0.topic, $0.partition), value($0)) }, uniquingKeysWith: { $1 })
  }

  func key(_ topic: Symbol, _ partition: Int32) -> String { "\(symbols.text(topic))[\(partition)]" }

  /// Assigned partitions by client id.
  func assignment(_ name: String) -> [String: Set<String>]? {
    group(name)?.members.map { members in
      Dictionary(
        members.map { ($0.clientID, Set($0.partitions.map { key($0.topic, $0.partition) })) },
        uniquingKeysWith: { $0.union($1) })
    }
  }
}

/// Stores everything that a lag source reports.
final class LagSink: ObservationSink {
  private let state = Mutex((readings: [LagSample](), statuses: [SourceStatus]()))

  func accept(_ batch: EventBatch) {}
  func accept(_ reading: LockSample) {}
  func accept(_ status: SourceStatus) { state.withLock { $0.statuses.append(status) } }
  func accept(_ reading: LagSample) { state.withLock { $0.readings.append(reading) } }
  func accept(_ reading: ServiceSample) {}
  func accept(_ actions: [ActionRecord]) {}
  func accept(_ sample: TraceSample) {}
  func accept(_ sample: PodSample) {}

  var readings: [LagSample] { state.withLock { $0.readings } }
  var statuses: [SourceStatus] { state.withLock { $0.statuses } }
  var status: SourceStatus { statuses.last ?? SourceStatus(.kafka) }
}
