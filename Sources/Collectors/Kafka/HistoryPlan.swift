import Clients
import Core

/// The offsets before the present, and in which pieces they are read: backwards in time, so that what is known is always everything
/// since one instant. Pure.
struct HistoryPlan {
  /// Offsets `low ..< high` of one partition.
  struct Span: Equatable {
    var low: Int64
    var high: Int64

    var count: Int64 { max(0, high - low) }
  }

  /// What is to be read next; afterwards everything since `start` is read, or all where that is `nil`.
  struct Slice: Equatable {
    var spans: [TopicPartition: Span]
    var start: Timestamp?
  }

  private static let shortest = Duration.seconds(1)
  private static let first = Duration.seconds(60)
  /// A slice that is a quarter full is full enough: a broker may take long to find an instant.
  private static let least: Int64 = 4
  /// A minute doubled so often is longer than any log.
  private static let mostSteps = 40

  private(set) var readSince: Timestamp
  let wantedSince: Timestamp?
  /// Messages of a slice, about.
  private let most: Int64
  private var rest: [TopicPartition: Span]
  private var length = Self.first
  let total: Int64

  init(_ spans: [TopicPartition: Span], readSince: Timestamp, wantedSince: Timestamp?, slice: Int) {
    rest = spans.filter { $0.value.count > 0 }
    self.readSince = readSince
    self.wantedSince = wantedSince
    most = Int64(slice)
    total = rest.values.reduce(0) { $0 + $1.count }
  }

  var left: Int64 { rest.values.reduce(0) { $0 + $1.count } }
  var partitions: Set<TopicPartition> { Set(rest.keys) }

  /// The latest part of what is left. `lookUp` gives the first offsets at or after an instant, −1 where there is none; a partition of
  /// which it knows nothing makes the answer `nil`: it has to be asked again later.
  mutating func next(_ lookUp: (Timestamp) -> [TopicPartition: Int64]) -> Slice? {
    if left <= most { return Slice(spans: rest, start: wantedSince) }
    var best: Slice?
    var (near, far) = (Duration.zero, Duration?.none)
    for _ in 0..<Self.mostSteps {
      let instant = readSince - length
      // All that is left is too much.
      let isTooFar = wantedSince.map { instant <= $0 } ?? false
      guard let spans = isTooFar ? rest : spans(lookUp(instant)) else { return nil }
      let slice = Slice(spans: spans, start: isTooFar || spans == rest ? wantedSince : instant)
      let count = spans.values.reduce(0) { $0 + $1.count }
      if count > most {
        guard length - near > Self.shortest else { return best ?? slice }
        far = length
      } else {
        if count > 0 { best = slice }
        if spans == rest || count * Self.least > most { return slice }
        near = length
      }
      length = far.map { near + ($0 - near) / 2 } ?? length * 2
    }
    if let best { return best }
    // Nothing is found by time.
    return Slice(spans: rest, start: wantedSince)
  }

  /// What lies at or after `offsets`, of what is left.
  private func spans(_ offsets: [TopicPartition: Int64]) -> [TopicPartition: Span]? {
    var spans: [TopicPartition: Span] = [:]
    for (id, span) in rest {
      guard let offset = offsets[id] else { return nil }
      let low = offset < 0 ? span.high : min(max(offset, span.low), span.high)
      if low < span.high { spans[id] = Span(low: low, high: span.high) }
    }
    return spans
  }

  /// The slice has been read.
  mutating func finish(_ slice: Slice) {
    for (id, span) in slice.spans {
      rest[id]?.high = span.low
      if rest[id]?.count == 0 { rest[id] = nil }
    }
    if let start = slice.start { readSince = min(readSince, start) }
  }

  /// What is not there any more need not be read.
  mutating func drop(_ gone: Set<TopicPartition>) {
    for id in gone { rest[id] = nil }
  }

  var isDone: Bool { rest.isEmpty }
}

/// Partitions that are not there any more: two answers in a row do not name them. A broker that has just started may know of fewer.
struct GonePartitions {
  private var absent: Set<TopicPartition> = []
  private(set) var all: Set<TopicPartition> = []

  mutating func note(_ ids: some Sequence<TopicPartition>, _ metadata: ClusterMetadata) {
    let missing = Set(ids.filter { id in !(metadata.topics[id.topic] ?? []).contains { $0.id == id.partition } })
    all.formUnion(missing.intersection(absent))
    absent = missing
  }
}
