import Clients
import Core

/// How far the partitions of one member have been read. Pure.
struct ReadPositions {
  struct Position {
    let id: TopicPartition
    let topic: Symbol
    /// The next offset; −1 while it is not known.
    var next: Int64 = -1
    /// −1 where the group has none.
    var committed: Int64 = -1
    /// The broker's time of what was read last; `nil` where nobody says.
    var time: Timestamp?
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

  /// A message was read. False for one of a partition that another member has by now.
  mutating func advance(topic: Symbol, partition: Int32, past offset: Int64, at time: Timestamp?) -> Bool {
    guard let place = place(topic, partition) else { return false }
    all[place].next = offset &+ 1
    if let time { all[place].time = time }
    return true
  }

  /// It is to be read again from there on; `nil` where another member has it by now.
  mutating func rewind(topic: Symbol, partition: Int32, to offset: Int64) -> TopicPartition? {
    guard let place = place(topic, partition), offset < all[place].next else { return nil }
    all[place].next = offset
    return all[place].id
  }

  /// Partitions of which nothing was read yet.
  var unknown: [TopicPartition] { all.lazy.filter { $0.next < 0 }.map(\.id) }

  /// The offsets of the group, from which what is not read yet goes on.
  mutating func begin(at offsets: [TopicPartition: Int64]) {
    for place in all.indices where all[place].next < 0 {
      guard let offset = offsets[all[place].id] else { continue }
      (all[place].next, all[place].committed) = (offset, offset)
    }
  }

  /// What was read and not committed.
  var uncommitted: [TopicPartition: Int64] {
    Dictionary(
      all.lazy.filter { $0.next >= 0 && $0.next != $0.committed }.map { ($0.id, $0.next) },
      uniquingKeysWith: { first, _ in first })
  }

  mutating func committed() {
    for place in all.indices { all[place].committed = all[place].next }
  }

  /// Messages of one partition come in a row, so the last place is mostly the right one.
  private mutating func place(_ topic: Symbol, _ partition: Int32) -> Int? {
    if last < all.count, all[last].topic == topic, all[last].id.partition == partition { return last }
    guard let place = places[Key(topic: topic, partition: partition)] else { return nil }
    last = place
    return place
  }
}
