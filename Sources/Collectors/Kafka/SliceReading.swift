import Clients
import Core
import Text

/// The read positions of the partitions of a slice. Pure.
struct SliceReading {
  private struct Key: Hashable {
    var topic: Symbol
    var partition: Int32
  }

  private struct Part {
    let id: TopicPartition
    let span: HistoryPlan.Span
    var next: Int64
  }

  private var open: [Key: Part] = [:]
  private var finished: [TopicPartition] = []
  /// Number of offsets read.
  private(set) var done: Int64 = 0

  init(_ spans: [(TopicPartition, HistoryPlan.Span)], symbol: (String) -> Symbol) {
    for (id, span) in spans where span.count > 0 {
      open[Key(topic: symbol(id.topic), partition: id.partition)] = Part(id: id, span: span, next: span.low)
    }
  }

  var isDone: Bool { open.isEmpty }

  /// Whether the partition has offsets of the slice that are not read.
  func isOpen(_ id: TopicPartition) -> Bool { open.values.contains { $0.id == id } }

  var offsets: [TopicPartition: Int64] {
    Dictionary(uniqueKeysWithValues: open.values.map { ($0.id, $0.next) })
  }

  /// Whether the message belongs to the slice and was not read before.
  mutating func takes(_ topic: Symbol, _ partition: Int32, _ offset: Int64) -> Bool {
    let key = Key(topic: topic, partition: partition)
    guard let part = open[key], offset >= part.next else { return false }
    let isWanted = offset < part.span.high
    advance(key, part, to: min(max(offset, offset &+ 1), part.span.high))
    return isWanted
  }

  /// No message follows: compaction has removed the last ones, or the last offsets have no messages.
  mutating func reachedEnd(_ topic: Symbol, _ partition: Int32) {
    let key = Key(topic: topic, partition: partition)
    if let part = open[key] { advance(key, part, to: part.span.high) }
  }

  private mutating func advance(_ key: Key, _ part: Part, to next: Int64) {
    done = done.saturating(plus: next.saturating(minus: part.next))
    open[key]?.next = next
    if next >= part.span.high { finish(key) }
  }

  private mutating func finish(_ key: Key) {
    guard let part = open.removeValue(forKey: key) else { return }
    finished.append(part.id)
  }

  /// The partitions finished since the last call.
  mutating func takeFinished() -> [TopicPartition] {
    defer { finished.removeAll() }
    return finished
  }

  /// Removes partitions that do not exist any more; their offsets count as read. The rest must be assigned again from `offsets`: it is not
  /// possible to unassign these partitions afterwards, so `takeFinished` returns none of them.
  mutating func keep(_ isThere: (TopicPartition) -> Bool) {
    let others = finished
    for (key, part) in open where !isThere(part.id) { advance(key, part, to: part.span.high) }
    finished = others
  }
}
