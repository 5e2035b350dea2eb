import Clients
import Core
import Text

/// The offsets before the current ones, and the slices in which they are read: backwards in time, so that everything since one instant is
/// always known. Pure.
struct HistoryPlan {
  /// Offsets `low ..< high` of one partition.
  struct Span: Equatable {
    var low: Int64
    var high: Int64

    var count: Int64 { max(0, high.saturating(minus: low)) }
  }

  /// The next part to read. After it, everything since `start` is read; `nil`: everything is read.
  struct Slice: Equatable {
    var spans: [TopicPartition: Span]
    var start: Timestamp?
  }

  private static let shortest = Duration.seconds(1)
  private static let first = Duration.seconds(60)
  /// A slice that is more than 1/`least` full is accepted, because a broker may need long to look up offsets by time.
  private static let least: Int64 = 4
  /// Maximum number of lookups; a minute doubled 40 times is longer than any log.
  private static let mostSteps = 40

  private(set) var readSince: Timestamp
  let wantedSince: Timestamp?
  /// Approximate maximum number of messages of a slice.
  private let most: Int64
  private var rest: [TopicPartition: Span]
  private var length = Self.first
  let total: Int64

  init(_ spans: [TopicPartition: Span], readSince: Timestamp, wantedSince: Timestamp?, slice: Int) {
    rest = spans.filter { $0.value.count > 0 }
    self.readSince = readSince
    self.wantedSince = wantedSince
    most = Int64(slice)
    total = Self.sum(rest)
  }

  var left: Int64 { Self.sum(rest) }

  private static func sum(_ spans: [TopicPartition: Span]) -> Int64 {
    spans.values.reduce(0) { $0.saturating(plus: $1.count) }
  }

  /// The latest part of the remaining offsets. `lookUp` returns the first offsets at or after an instant, −1 if there is none. Returns
  /// `nil` if it lacks a partition: call again later.
  mutating func next(_ lookUp: (Timestamp) -> [TopicPartition: Int64]) -> Slice? {
    if left <= most { return Slice(spans: rest, start: wantedSince) }
    var best: Slice?
    var (near, far) = (Duration.zero, Duration?.none)
    for _ in 0..<Self.mostSteps {
      let instant = readSince - length
      // Everything that remains would be too much.
      let isTooFar = wantedSince.map { instant <= $0 } ?? false
      guard let spans = isTooFar ? rest : spans(lookUp(instant)) else { return nil }
      let slice = Slice(spans: spans, start: isTooFar || spans == rest ? wantedSince : instant)
      let count = Self.sum(spans)
      if count > most {
        guard length - near > Self.shortest else { return best ?? slice }
        far = length
      } else {
        if count > 0 { best = slice }
        if spans == rest || count > most / Self.least { return slice }
        near = length
      }
      length = far.map { near + ($0 - near) / 2 } ?? length * 2
    }
    if let best { return best }
    // The broker finds no offsets by time.
    return Slice(spans: rest, start: wantedSince)
  }

  /// The remaining offsets at or after `offsets`; `nil` if a partition is missing.
  private func spans(_ offsets: [TopicPartition: Int64]) -> [TopicPartition: Span]? {
    var spans: [TopicPartition: Span] = [:]
    for (id, span) in rest {
      guard let offset = offsets[id] else { return nil }
      let low = offset < 0 ? span.high : min(max(offset, span.low), span.high)
      if low < span.high { spans[id] = Span(low: low, high: span.high) }
    }
    return spans
  }

  /// Call after the slice was read.
  mutating func finish(_ slice: Slice) {
    for (id, span) in slice.spans {
      rest[id]?.high = span.low
      if rest[id]?.count == 0 { rest[id] = nil }
    }
    if let start = slice.start { readSince = min(readSince, start) }
  }

  /// Removes partitions that do not exist any more.
  mutating func drop(_ gone: Set<TopicPartition>) {
    for id in gone { rest[id] = nil }
  }

  var isDone: Bool { rest.isEmpty }
}

/// Partitions that do not exist any more: absent from two consecutive metadata responses, and not listed since then. A broker that has just
/// started may not know all partitions.
struct GonePartitions {
  private var absent: Set<TopicPartition> = []
  private(set) var all: Set<TopicPartition> = []

  /// Some partitions were absent from the last response.
  var isAnyAbsent: Bool { !absent.isEmpty }

  mutating func note(_ ids: some Sequence<TopicPartition>, _ metadata: ClusterMetadata) {
    let missing = Set(ids.filter(metadata.isGone))
    // The partitions in `all` were also absent before.
    all = missing.intersection(absent)
    absent = missing
  }
}
