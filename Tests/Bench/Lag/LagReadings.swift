import Collectors
import Core
import Synchronization
import TestSupport
import Text

/// Collects the samples of a source that polls all groups continuously.
final class LagReadings: ObservationSink {
  private let readings = Mutex<[LagSample]>([])

  func accept(_ batch: EventBatch) {}
  func accept(_ reading: LockSample) {}
  func accept(_ status: SourceStatus) {}
  func accept(_ reading: LagSample) { readings.withLock { $0.append(reading) } }
  func accept(_ reading: ServiceSample) {}
  func accept(_ actions: [ActionRecord]) {}
  func accept(_ sample: TraceSample) {}
  func accept(_ sample: PodSample) {}

  /// Returns the first `count` samples.
  static func take(_ count: Int, from brokers: String) throws -> [LagSample] {
    let sink = LagReadings()
    let settings = LagSettings(
      kafka: KafkaSettings(brokers: brokers, topics: []), patterns: [try NamePattern("*")],
      interval: .milliseconds(1), deadline: .seconds(5))
    let source = LagSource(settings, symbols: SymbolTable(), sink: sink)
    source.start()
    defer { source.stop() }
    guard blockUntil(.seconds(120), { sink.readings.withLock { $0.count } >= count }) else {
      throw TestFailure("no \(count) readings in time")
    }
    return Array(sink.readings.withLock { $0 }.prefix(count))
  }
}

extension LagSample {
  /// The total lag of all groups; `nil` if a part of it is unknown.
  var lag: Int? {
    var ends: [TopicPartitionKey: Int64] = [:]
    for partition in partitions { ends[.init(topic: partition.topic, partition: partition.partition)] = partition.end }
    var lag = 0
    for group in groups {
      guard let commits = group.commits, group.state != nil else { return nil }
      for commit in commits {
        guard let offset = commit.offset, let end = ends[.init(topic: commit.topic, partition: commit.partition)] else {
          return nil
        }
        lag += Int(end - offset)
      }
    }
    return lag
  }
}
