import Clients
import Core

/// Decides which partitions are read, and tracks how far. Pure: the reader applies its decisions.
///
/// librdkafka requests all followed partitions in each fetch, and looks up each one among all topics that it ever read. Therefore only the
/// recently active partitions are followed, and others up to `mostFollowed`. The others rest: only their end offsets are requested. At
/// most `mostBehind` partitions with unread messages are read at a time, the others wait for their turn: a broker that must serve
/// thousands at once does not respond to other requests meanwhile.
struct Assignment {
  static let mostFollowed = 100
  static let mostBehind = 200
  /// Minimum number of partitions added by one turn, because each change of the assignment costs more than a partition.
  private static let leastTurns = 50
  /// Rounds without a message after which a partition may rest.
  private static let quietRounds = 2
  /// Number of rounds without a message after which a partition with unread messages is reported.
  private static let silentRounds = 3

  enum Verdict: Equatable {
    case take
    /// The message is older than `since`.
    case skip
    /// The partition must be read from its start; the assignment must be set again.
    case rewind
  }

  /// Offsets of a partition as reported by the broker before it is read.
  struct Bounds {
    var start: Int64
    var end: Int64
    /// The first offset at or after the requested time: −1 if there is none, `nil` if everything is requested or the offset is unknown.
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
  /// Partitions that wait for their turn, in order.
  private var waiting: [TopicPartition] = []
  /// An assignment failed and must be repeated.
  private(set) var mustAssign = false
  private var round = 0
  /// Older events are not read; `nil` reads all.
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
    let all = parts.reduce(0) { $0 + Double($1.all) }
    return all == 0 ? 1 : parts.reduce(0) { $0 + Double($1.done) } / all
  }

  /// The next offsets of the followed partitions.
  var offsets: [TopicPartition: Int64] {
    Dictionary(
      partitions.lazy.filter(\.isFollowed).map { ($0.id, $0.next) }, uniquingKeysWith: { first, _ in first })
  }

  func contains(_ id: TopicPartition) -> Bool { placesByID[id] != nil }

  var isAnyWaiting: Bool { !waiting.isEmpty }

  /// Whether messages are known to exist that are not read yet.
  var isAnyBehind: Bool { behind > 0 || !waiting.isEmpty }

  /// Reads all followed partitions from `offsets`. If `assign` throws, `mustAssign` remains: messages of partitions that must be read again
  /// are skipped until a later call succeeds.
  mutating func assignAnew(_ assign: ([TopicPartition: Int64]) throws(KafkaError) -> Void) throws(KafkaError) {
    mustAssign = true
    try assign(offsets)
    mustAssign = false
    for place in partitions.indices { partitions[place].isRewinding = false }
  }

  /// Whether the partition is followed or waits for its turn.
  func attends(_ id: TopicPartition) -> Bool {
    placesByID[id].map { partitions[$0].isFollowed || partitions[$0].isWaiting } ?? false
  }

  func follows(_ id: TopicPartition) -> Bool { placesByID[id].map { partitions[$0].isFollowed } ?? false }

  /// Adds a partition. It is read from its next `turn` on if it has messages to read.
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

  /// Notes the current end of a partition. A resting partition with unread messages waits for its next `turn`.
  mutating func wake(_ id: TopicPartition, end: Int64) {
    guard let place = placesByID[id], !partitions[place].isWaiting, partitions[place].next != end else { return }
    if partitions[place].isFollowed { return extend(place, to: end) }
    partitions[place].target = end
    partitions[place].isWaiting = true
    waiting.append(id)
  }

  /// Marks a followed partition as behind if it has messages to read before `end`.
  private mutating func extend(_ place: Int, to end: Int64) {
    guard partitions[place].next < end, !partitions[place].isBehind, !partitions[place].isRewinding else { return }
    partitions[place].target = end
    partitions[place].activeRound = round
    fallBehind(place)
  }

  /// Starts a round. A partition without a message for two rounds does not count as behind any longer. With `isPaused` the reader takes no
  /// messages at present, which says nothing about the broker: the round does not count.
  mutating func beginRound(isPaused: Bool = false) {
    if isPaused { return }
    round += 1
    for place in partitions.indices where partitions[place].isBehind && isQuiet(place) { catchUp(place) }
  }

  /// Returns the partitions to follow from now on, with their start offsets. Partitions without unread messages do not count toward
  /// `mostBehind`.
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

  /// Returns the partitions that rest from now on: the ones quiet for the longest time, if too many are followed. Partitions that cannot be
  /// read do not rest, because only reading shows that they can be read again.
  mutating func rest(isUnreadable: (TopicPartition) -> Bool = { _ in false }) -> [TopicPartition] {
    guard followed > Self.mostFollowed else { return [] }
    let quiet = partitions.indices.filter { place in
      let partition = partitions[place]
      return partition.isFollowed && partition.isComplete && !partition.isBehind && isQuiet(place)
        && !isUnreadable(partition.id)
    }
    let chosen = quiet.sorted { (partitions[$0].activeRound, $0) < (partitions[$1].activeRound, $1) }
      .prefix(followed - Self.mostFollowed)
    for place in chosen { partitions[place].isFollowed = false }
    followed -= chosen.count
    return chosen.map { partitions[$0].id }
  }

  /// The followed partitions without a message for several rounds, although they have messages. librdkafka skips some unusable responses
  /// without an error, and requests them again.
  var notes: [String] {
    let silent = partitions.filter { $0.isFollowed && !$0.isComplete && round - $0.activeRound >= Self.silentRounds }
    guard let first = silent.first else { return [] }
    let more = silent.count - 1
    let rest = more > 0 ? " and \(more) more \(more == 1 ? "partition" : "partitions")" : ""
    return ["no messages arrive from \(first.id.topic)[\(first.id.partition)]\(rest), although there are some"]
  }

  private func isQuiet(_ place: Int) -> Bool { round - partitions[place].activeRound >= Self.quietRounds }

  /// Whether the partition is followed, and nothing that is known to exist is unread.
  func isIdle(_ id: TopicPartition) -> Bool {
    guard let place = placesByID[id] else { return false }
    let partition = partitions[place]
    // A partition without a message for some rounds is not behind any longer, but has messages.
    return partition.isFollowed && partition.isComplete && !partition.isBehind && partition.next >= partition.target
  }

  /// Removes the partitions of deleted topics. Returns those that were followed.
  mutating func keep(_ isThere: (TopicPartition) -> Bool) -> [TopicPartition] {
    let gone = partitions.filter { !isThere($0.id) }
    guard !gone.isEmpty else { return [] }
    partitions.removeAll { !isThere($0.id) }
    // Topics above the symbol table's capacity share a symbol.
    places = Dictionary(
      partitions.enumerated().map { (Key(topic: $1.topic, partition: $1.id.partition), $0) },
      uniquingKeysWith: { $1 })
    placesByID = Dictionary(partitions.enumerated().map { ($1.id, $0) }, uniquingKeysWith: { $1 })
    lastPlace = 0
    incomplete = partitions.count { !$0.isComplete }
    followed = partitions.count(where: \.isFollowed)
    behind = partitions.count(where: \.isBehind)
    waiting.removeAll { placesByID[$0] == nil }
    return gone.filter(\.isFollowed).map(\.id)
  }

  /// Handles a received message.
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

  /// A partition must be read again from `offset`; the assignment must be set again. The partition is incomplete until everything that was
  /// read before is read again.
  mutating func readAgain(topic: Symbol, partition: Int32, from offset: Int64) {
    guard let place = place(topic, partition), offset < partitions[place].next else { return }
    partitions[place].target = max(partitions[place].target, partitions[place].next)
    reopen(place, from: offset)
    partitions[place].next = offset
    partitions[place].activeRound = round
    if partitions[place].isFollowed {
      partitions[place].isRewinding = true
      fallBehind(place)
    } else if !partitions[place].isWaiting {
      partitions[place].isWaiting = true
      waiting.append(partitions[place].id)
    }
  }

  private mutating func reopen(_ place: Int, from offset: Int64) {
    guard partitions[place].isComplete else {
      return partitions[place].first = min(partitions[place].first, offset)
    }
    (partitions[place].first, partitions[place].end) = (offset, partitions[place].next)
    partitions[place].isComplete = false
    incomplete += 1
  }

  /// The end of a partition was reached: the next message will have `offset`. Returns whether this completes its first reading.
  @discardableResult
  mutating func reachedEnd(topic: Symbol, partition: Int32, offset: Int64) -> Bool {
    guard let place = place(topic, partition), !partitions[place].isRewinding else { return false }
    // The last offsets of a log may have no message, such as the end of a transaction.
    partitions[place].next = max(partitions[place].next, offset)
    // The notification may be older than the last request for the end offset.
    if partitions[place].next >= partitions[place].target { catchUp(place) }
    guard !partitions[place].isComplete else { return false }
    complete(place)
    return true
  }

  private mutating func advance(_ place: Int, past offset: Int64) -> Verdict {
    partitions[place].next = max(offset, offset &+ 1)
    partitions[place].activeRound = round
    if partitions[place].next >= partitions[place].target { catchUp(place) }
    if partitions[place].next >= partitions[place].end { complete(place) }
    return .take
  }

  private mutating func fallBehind(_ place: Int) {
    guard !partitions[place].isBehind else { return }
    partitions[place].isBehind = true
    behind += 1
  }

  private mutating func catchUp(_ place: Int) {
    guard partitions[place].isBehind else { return }
    partitions[place].isBehind = false
    behind -= 1
  }

  /// Old messages do not mean that the partition is active: it may rest at once.
  private mutating func complete(_ place: Int) {
    guard !partitions[place].isComplete else { return }
    partitions[place].isComplete = true
    partitions[place].activeRound = round - Self.quietRounds
    incomplete -= 1
  }

  /// Messages of a partition arrive in sequence, so the last index is usually correct.
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
