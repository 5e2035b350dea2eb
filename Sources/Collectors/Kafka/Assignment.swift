import Clients
import Core

/// Which partitions are read and how far. Pure: the reader acts on what it says.
///
/// librdkafka asks for all partitions that it follows in each fetch, and looks each up among all topics that it ever read. So no more
/// are followed than `mostFollowed` and those of which something came lately; the others rest, and only their ends are asked for. Of those
/// that have something to read `mostBehind` are read at a time, the others wait for their turn: a broker that is asked for thousands at
/// once answers nothing else meanwhile.
struct Assignment {
  static let mostFollowed = 100
  static let mostBehind = 200
  /// So many turns are given at once, because each change of what is read costs more than a partition.
  private static let leastTurns = 50
  /// A partition of which nothing came for so many rounds may rest.
  private static let quietRounds = 2

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
  private var placesByID: [TopicPartition: Int] = [:]
  private var lastPlace = 0
  private var incomplete = 0
  private var followed = 0
  private var behind = 0
  /// In the order of their turns.
  private var waiting: [TopicPartition] = []
  private var round = 0
  /// Events older than this are not wanted; `nil` wants all.
  private let since: Timestamp?

  init(since: Timestamp?) {
    self.since = since
  }

  var isComplete: Bool { incomplete == 0 }

  /// 0 to 1; `nil` before anything is assigned.
  var progress: Double? {
    if partitions.isEmpty { return nil }
    if incomplete == 0 { return 1 }
    let parts = partitions.map(\.read)
    let all = parts.reduce(0) { $0 + $1.all }
    return all == 0 ? 1 : Double(parts.reduce(0) { $0 + $1.done }) / Double(all)
  }

  /// From where on the partitions that are followed are to be read.
  var offsets: [TopicPartition: Int64] {
    Dictionary(
      partitions.lazy.filter(\.isFollowed).map { ($0.id, $0.next) }, uniquingKeysWith: { first, _ in first })
  }

  func contains(_ id: TopicPartition) -> Bool { placesByID[id] != nil }

  var isAnyWaiting: Bool { !waiting.isEmpty }

  /// Something is known to lie there that has not been read yet.
  var isAnyBehind: Bool { behind > 0 || !waiting.isEmpty }

  /// Everything that is followed has been assigned anew, from `offsets` on.
  mutating func assignedAnew() {
    for place in partitions.indices { partitions[place].isRewinding = false }
  }

  /// It is read, or will be at its turn.
  func attends(_ id: TopicPartition) -> Bool {
    placesByID[id].map { partitions[$0].isFollowed || partitions[$0].isWaiting } ?? false
  }

  func follows(_ id: TopicPartition) -> Bool { placesByID[id].map { partitions[$0].isFollowed } ?? false }

  /// It is read from its next `turn` on, where there is something to read.
  mutating func add(_ id: TopicPartition, topic: Symbol, bounds: Bounds) {
    var next = bounds.start
    var isProbing = false
    if let known = bounds.since {
      isProbing = known < 0 && bounds.end > bounds.start
      next = known >= 0 ? known : max(bounds.start, bounds.end - 1)
    }
    places[Key(topic: topic, partition: id.partition)] = partitions.count
    placesByID[id] = partitions.count
    var state = PartitionState(
      id: id, topic: topic, first: isProbing ? bounds.start : next, end: bounds.end, next: next,
      isComplete: next >= bounds.end, isProbing: isProbing, present: bounds.since == -1 ? bounds.end : next,
      target: bounds.end)
    state.activeRound = round
    state.isWaiting = !state.isComplete || followed + waiting.count < Self.mostFollowed
    if !state.isComplete { incomplete += 1 }
    if state.isWaiting { waiting.append(id) }
    partitions.append(state)
  }

  /// A partition ends at `end` by now. One that rests is read from its next `turn` on, where there is something to read.
  mutating func wake(_ id: TopicPartition, end: Int64) {
    guard let place = placesByID[id], !partitions[place].isWaiting, partitions[place].next != end else { return }
    if partitions[place].isFollowed { return extend(place, to: end) }
    partitions[place].target = end
    partitions[place].isWaiting = true
    waiting.append(id)
  }

  /// What is followed has something to read up to `end`.
  private mutating func extend(_ place: Int, to end: Int64) {
    guard partitions[place].next < end, !partitions[place].isBehind, !partitions[place].isRewinding else { return }
    partitions[place].target = end
    partitions[place].isBehind = true
    partitions[place].activeRound = round
    behind += 1
  }

  /// Begins a round: what has been read for two of them without a word from its broker keeps nobody waiting any longer.
  mutating func beginRound() {
    round += 1
    for place in partitions.indices where partitions[place].isBehind && isQuiet(place) { catchUp(place) }
  }

  /// What is to be followed from now on, and from where on. Those of which nothing is to be read take no turn from another.
  mutating func turn() -> [TopicPartition: Int64] {
    guard Self.mostBehind - behind >= min(waiting.count, Self.leastTurns) else { return [:] }
    var added: [TopicPartition: Int64] = [:]
    var taken = 0
    for id in waiting {
      if behind == Self.mostBehind { break }
      taken += 1
      guard let place = placesByID[id] else { continue }
      added[id] = follow(place)
    }
    waiting.removeFirst(taken)
    return added
  }

  private mutating func follow(_ place: Int) -> Int64 {
    partitions[place].isWaiting = false
    partitions[place].isFollowed = true
    partitions[place].isBehind = partitions[place].next != partitions[place].target
    partitions[place].activeRound = round
    followed += 1
    if partitions[place].isBehind { behind += 1 }
    return partitions[place].next
  }

  /// The partitions that rest from now on: those that have been quiet the longest, where too many are followed.
  mutating func rest() -> [TopicPartition] {
    guard followed > Self.mostFollowed else { return [] }
    let quiet = partitions.indices.filter { place in
      let partition = partitions[place]
      return partition.isFollowed && partition.isComplete && !partition.isBehind && isQuiet(place)
    }
    let chosen = quiet.sorted { (partitions[$0].activeRound, $0) < (partitions[$1].activeRound, $1) }
      .prefix(followed - Self.mostFollowed)
    for place in chosen { partitions[place].isFollowed = false }
    followed -= chosen.count
    return chosen.map { partitions[$0].id }
  }

  private func isQuiet(_ place: Int) -> Bool { round - partitions[place].activeRound >= Self.quietRounds }

  /// Drops the partitions of topics that are gone. Returns those of them that were followed.
  mutating func keep(_ isThere: (TopicPartition) -> Bool) -> [TopicPartition] {
    let gone = partitions.filter { !isThere($0.id) }
    guard !gone.isEmpty else { return [] }
    partitions.removeAll { !isThere($0.id) }
    places = Dictionary(
      uniqueKeysWithValues: partitions.enumerated().map { (Key(topic: $1.topic, partition: $1.id.partition), $0) })
    placesByID = Dictionary(uniqueKeysWithValues: partitions.enumerated().map { ($1.id, $0) })
    lastPlace = 0
    incomplete = partitions.count { !$0.isComplete }
    followed = partitions.count(where: \.isFollowed)
    behind = partitions.count(where: \.isBehind)
    waiting.removeAll { placesByID[$0] == nil }
    return gone.filter(\.isFollowed).map(\.id)
  }

  /// A message has arrived.
  mutating func received(topic: Symbol, partition: Int32, offset: Int64, time: Timestamp?) -> Verdict {
    guard let place = place(topic, partition), !partitions[place].isRewinding else { return .skip }
    if partitions[place].isProbing {
      partitions[place].isProbing = false
      guard let since, let time, time < since else {
        partitions[place].next = partitions[place].first
        partitions[place].present = partitions[place].first
        partitions[place].isRewinding = partitions[place].next != offset
        return partitions[place].isRewinding ? .rewind : advance(place, past: offset)
      }
      _ = advance(place, past: offset)
      return .skip
    }
    return advance(place, past: offset)
  }

  /// A partition is to be read again from there on; the assignment has to be made again.
  mutating func readAgain(topic: Symbol, partition: Int32, from offset: Int64) {
    guard let place = place(topic, partition), offset < partitions[place].next else { return }
    partitions[place].next = offset
    if partitions[place].isFollowed { partitions[place].isRewinding = true }
  }

  /// Nothing is left to read in a partition for now: the next message will have that offset. Returns whether that completes its first
  /// reading.
  @discardableResult
  mutating func reachedEnd(topic: Symbol, partition: Int32, offset: Int64) -> Bool {
    guard let place = place(topic, partition), !partitions[place].isRewinding else { return false }
    // The last places of a log may hold what is no message, such as the end of a transaction.
    partitions[place].next = max(partitions[place].next, offset)
    // The word may be older than the question for its end.
    if partitions[place].next >= partitions[place].target { catchUp(place) }
    guard !partitions[place].isComplete else { return false }
    complete(place)
    return true
  }

  private mutating func advance(_ place: Int, past offset: Int64) -> Verdict {
    partitions[place].next = offset + 1
    partitions[place].activeRound = round
    if partitions[place].next >= partitions[place].target { catchUp(place) }
    if partitions[place].next >= partitions[place].end { complete(place) }
    return .take
  }

  private mutating func catchUp(_ place: Int) {
    guard partitions[place].isBehind else { return }
    partitions[place].isBehind = false
    behind -= 1
  }

  /// What lay there before says nothing of what will come: the partition may rest at once.
  private mutating func complete(_ place: Int) {
    guard !partitions[place].isComplete else { return }
    partitions[place].isComplete = true
    partitions[place].activeRound = round - Self.quietRounds
    incomplete -= 1
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

/// How far one partition has been read.
struct PartitionState: Sendable {
  let id: TopicPartition
  let topic: Symbol
  /// Where reading began, and the log end offset at that moment.
  var first: Int64
  let end: Int64
  /// The next offset to be read.
  var next: Int64
  var isComplete: Bool
  /// The broker says that nothing was written since the wanted instant. The last message tells whether that is so: brokers that
  /// cannot look up by time say it always.
  var isProbing = false
  /// From here on its messages are read; those before are older than what is wanted.
  var present: Int64
  /// It is about to be read from its start; what still comes of it meanwhile will come again.
  var isRewinding = false
  /// Its messages are fetched. Of the others the log's end is asked for now and then.
  var isFollowed = false
  /// It has something to read, and its turn has not come.
  var isWaiting = false
  /// It is followed and has not been read up to `target`.
  var isBehind = false
  /// The log end offset as it was told last.
  var target: Int64
  /// The round in which something last came of it.
  var activeRound = 0

  /// Share of the first reading: offsets read and offsets to read.
  var read: (done: Int64, all: Int64) {
    let all = max(0, end - first)
    return (isComplete ? all : min(max(0, next - first), all), all)
  }
}
