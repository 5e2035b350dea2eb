import Clients
import Core

/// The read positions of the partitions of one group member. Pure.
struct ReadPositions {
  struct Position {
    let id: TopicPartition
    let topic: Symbol
    /// The next offset; −1 if unknown.
    var next: Int64 = -1
    /// The group's committed offset; −1 if there is none.
    var committed: Int64 = -1
    /// The timestamp of the last message read; `nil` if unknown.
    var time: Timestamp?
    /// It was set back to `next`, and the client still reads from a later offset.
    var isRewound = false
  }

  private struct Key: Hashable {
    var topic: Symbol
    var partition: Int32
  }

  private(set) var all: [Position] = []
  private var places: [Key: Int] = [:]
  private var last = 0

  var count: Int { all.count }

  mutating func add(_ id: TopicPartition, topic: Symbol) {
    guard places[Key(topic: topic, partition: id.partition)] == nil else { return }
    places[Key(topic: topic, partition: id.partition)] = all.count
    all.append(Position(id: id, topic: topic))
  }

  mutating func remove(_ partitions: [TopicPartition]) {
    let gone = Set(partitions)
    all.removeAll { gone.contains($0.id) }
    last = 0
    places = Dictionary(
      all.enumerated().map { (Key(topic: $1.topic, partition: $1.id.partition), $0) },
      uniquingKeysWith: { first, _ in first })
  }

  /// Notes a message that was read. Returns false if it must not be taken: the partition is not assigned to this member any more, or must
  /// first be read again from an earlier offset. A commit would otherwise pass the messages in between.
  mutating func advance(topic: Symbol, partition: Int32, past offset: Int64, at time: Timestamp?) -> Bool {
    guard let place = place(topic, partition), !all[place].isRewound else { return false }
    all[place].next = offset &+ 1
    if let time { all[place].time = time }
    return true
  }

  /// Sets a position back to `offset`, if the partition is still assigned and read that far. Its time is unknown until the next message:
  /// the time of the last message would be later than messages that are not decoded.
  mutating func rewind(topic: Symbol, partition: Int32, to offset: Int64) {
    guard let place = place(topic, partition), offset < all[place].next else { return }
    (all[place].next, all[place].isRewound, all[place].time) = (offset, true, nil)
  }

  /// The offsets to which the client must be moved.
  var rewound: [TopicPartition: Int64] {
    Dictionary(all.lazy.filter(\.isRewound).map { ($0.id, $0.next) }, uniquingKeysWith: { first, _ in first })
  }

  /// Call after the client was moved to the offsets of these partitions.
  mutating func moved(_ partitions: [TopicPartition]) {
    let moved = Set(partitions)
    for place in all.indices where moved.contains(all[place].id) { all[place].isRewound = false }
  }

  /// Partitions without a known position.
  var unknown: [TopicPartition] { all.lazy.filter { $0.next < 0 }.map(\.id) }

  /// Sets unknown positions to the committed offsets of the group.
  mutating func begin(at offsets: [TopicPartition: Int64]) {
    for place in all.indices where all[place].next < 0 {
      guard let offset = offsets[all[place].id] else { continue }
      (all[place].next, all[place].committed) = (offset, offset)
    }
  }

  /// The positions that are not committed yet.
  var uncommitted: [TopicPartition: Int64] {
    Dictionary(
      all.lazy.filter { $0.next >= 0 && $0.next != $0.committed }.map { ($0.id, $0.next) },
      uniquingKeysWith: { first, _ in first })
  }

  mutating func committed() {
    for place in all.indices { all[place].committed = all[place].next }
  }

  /// Messages of a partition arrive in sequence, so the last index is usually correct.
  private mutating func place(_ topic: Symbol, _ partition: Int32) -> Int? {
    if last < all.count, all[last].topic == topic, all[last].id.partition == partition { return last }
    guard let place = places[Key(topic: topic, partition: partition)] else { return nil }
    last = place
    return place
  }
}
