import Core

/// Which partitions are read and how far. Pure: the reader acts on what it says.
struct Assignment {
  enum Verdict: Equatable {
    case take
    /// Older than what is wanted.
    case skip
    /// The partition must be read from its start after all; the assignment has to be made again.
    case rewind
  }

  /// What a broker told of a partition before it is read.
  struct Bounds {
    var start: Int64
    var end: Int64
    /// The first offset at or after the wanted instant: −1 when there is none, `nil` when everything is wanted or nobody knows.
    var since: Int64?
  }

  private struct Key: Hashable {
    var topic: Symbol
    var partition: Int32
  }

  private(set) var partitions: [PartitionState] = []
  private var places: [Key: Int] = [:]
  private var lastPlace = 0
  /// Events older than this are not wanted; `nil` wants all.
  private let since: Timestamp?

  init(since: Timestamp?) {
    self.since = since
  }

  var isComplete: Bool { partitions.allSatisfy(\.isComplete) }

  /// 0 to 1; `nil` before anything is assigned.
  var progress: Double? {
    let parts = partitions.map(\.read)
    let all = parts.reduce(0) { $0 + $1.all }
    if partitions.isEmpty { return nil }
    return all == 0 ? 1 : Double(parts.reduce(0) { $0 + $1.done }) / Double(all)
  }

  var offsets: [TopicPartition: Int64] {
    Dictionary(partitions.map { ($0.id, $0.next) }, uniquingKeysWith: { first, _ in first })
  }

  func contains(_ id: TopicPartition) -> Bool { partitions.contains { $0.id == id } }

  mutating func add(_ id: TopicPartition, topic: Symbol, bounds: Bounds) {
    var next = bounds.start
    var isProbing = false
    if let known = bounds.since {
      isProbing = known < 0 && bounds.end > bounds.start
      next = known >= 0 ? known : max(bounds.start, bounds.end - 1)
    }
    places[Key(topic: topic, partition: id.partition)] = partitions.count
    partitions.append(
      PartitionState(
        id: id, topic: topic, first: isProbing ? bounds.start : next, end: bounds.end, next: next,
        isComplete: next >= bounds.end, isProbing: isProbing))
  }

  /// Drops the partitions of topics that are gone. Returns whether there were any.
  mutating func keep(_ isThere: (TopicPartition) -> Bool) -> Bool {
    let kept = partitions.filter { isThere($0.id) }
    guard kept.count < partitions.count else { return false }
    partitions = kept
    places = Dictionary(
      uniqueKeysWithValues: kept.enumerated().map { (Key(topic: $1.topic, partition: $1.id.partition), $0) })
    lastPlace = 0
    return true
  }

  /// A message has arrived.
  mutating func received(topic: Symbol, partition: Int32, offset: Int64, time: Timestamp?) -> Verdict {
    guard let place = place(topic, partition) else { return .skip }
    if partitions[place].isProbing {
      partitions[place].isProbing = false
      guard let since, let time, time < since else {
        partitions[place].next = partitions[place].first
        return partitions[place].next == offset ? advance(place, past: offset) : .rewind
      }
      _ = advance(place, past: offset)
      return .skip
    }
    return advance(place, past: offset)
  }

  /// Nothing is left to read in a partition for now. Returns whether that completes its first reading.
  mutating func reachedEnd(topic: Symbol, partition: Int32) -> Bool {
    guard let place = place(topic, partition), !partitions[place].isComplete else { return false }
    partitions[place].isComplete = true
    return true
  }

  private mutating func advance(_ place: Int, past offset: Int64) -> Verdict {
    partitions[place].next = offset + 1
    if partitions[place].next >= partitions[place].end { partitions[place].isComplete = true }
    return .take
  }

  /// Messages of one partition come in a row, so the last place is mostly the right one.
  private mutating func place(_ topic: Symbol, _ partition: Int32) -> Int? {
    if lastPlace < partitions.count, partitions[lastPlace].topic == topic,
      partitions[lastPlace].id.partition == partition
    {
      return lastPlace
    }
    guard let place = places[Key(topic: topic, partition: partition)] else { return nil }
    lastPlace = place
    return place
  }
}
