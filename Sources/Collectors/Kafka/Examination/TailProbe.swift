import Clients
import Core

/// Collects the responses of partitions that are read from their end.
struct TailProbe {
  private static let end: Int64 = -1

  private var waiting: Set<TopicPartition>
  private var names: [String]
  private var problems: [String: TopicAccess] = [:]
  /// The largest difference, which is that of the message with the lowest latency.
  private(set) var clockOffset: Duration?

  init(_ topics: [(name: String, partitions: [Int32])]) {
    names = topics.map(\.name)
    waiting = Set(topics.flatMap { topic in topic.partitions.map { TopicPartition(topic: topic.name, partition: $0) } })
  }

  /// The start offsets for the assignment.
  var ends: [TopicPartition: Int64] { Dictionary(uniqueKeysWithValues: waiting.map { ($0, Self.end) }) }

  var isDone: Bool { waiting.isEmpty && (clockOffset != nil || names.isEmpty) }

  mutating func take(_ received: borrowing Received, at now: Timestamp) {
    let id = TopicPartition(topic: Bytes.string(received.topic), partition: received.partition)
    switch received.kind {
    case .endOfPartition: waiting.remove(id)
    case .message:
      waiting.remove(id)
      if let time = received.time { clockOffset = max(clockOffset ?? (time - now), time - now) }
    case .error(let text):
      waiting.remove(id)
      if names.contains(id.topic) {
        problems[id.topic] = received.isRefusal ? .refused(operation: "Read") : .failed(text)
      }
    }
  }

  var topics: [KafkaExamination.Topic] {
    let silent = Set(waiting.map(\.topic))
    return names.map { name in
      .init(name: name, access: problems[name] ?? (silent.contains(name) ? .silent : .readable))
    }
  }
}
