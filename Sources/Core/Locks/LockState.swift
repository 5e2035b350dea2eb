/// All locks over time. Not thread-safe: `Store` guards it.
struct LockState {
  /// Maximum number of stored keys, and of free keys among them, which are kept for their history.
  static let mostKeys = 50_000
  static let mostFree = 2_000
  private static let freeRetention = Duration.seconds(600)

  /// The sort key of the list.
  struct Rank: Sendable {
    var key: LockKey
    var verdict: LockVerdict
    var since: Timestamp

    static func isWorse(_ left: Rank, _ right: Rank) -> Bool {
      if left.verdict != right.verdict { return left.verdict > right.verdict }
      if left.since != right.since { return left.since < right.since }
      return (left.key.key, left.key.source) < (right.key.key, right.key.source)
    }
  }

  /// A client thread on one server; several locks with the same owner are held together.
  struct Owner: Hashable {
    var source: String
    var token: String
    var thread: String

    init?(_ key: LockKey, _ record: LockRecord) {
      guard let holders = record.holding?.holders, holders.count == 1, let thread = holders[0].thread else {
        return nil
      }
      (source, token, self.thread) = (key.source, holders[0].token, thread)
    }
  }

  let definitions: [LockDefinition]
  let counted: [LockPattern]
  private(set) var records: [LockKey: LockRecord] = [:]
  private(set) var figures: [LockStatistics]
  private(set) var servers: [String: LockServer] = [:]
  /// Worst first, as of the last round.
  private(set) var ranking: [Rank] = []
  private(set) var counts: [LockVerdict: Int] = [:]
  private(set) var heldByDefinition: [Int]
  private(set) var dropped = 0
  /// Client threads that hold several locks of one server, with the keys.
  private(set) var together: [Owner: [String]] = [:]

  init(definitions: [LockDefinition] = [], counted: [LockPattern] = []) {
    self.definitions = definitions
    self.counted = counted
    figures = definitions.map { _ in LockStatistics() }
    heldByDefinition = definitions.map { _ in 0 }
  }

  mutating func fold(_ found: LockObservation, of reading: LockSample) -> LockKey? {
    let key = LockKey(source: reading.source, key: found.key)
    guard prepare(key, definition: found.definition, at: found.time) else { return nil }
    figures[found.definition].note(ttl: found.ttl)
    let lease = definitions[found.definition].lease
    let change = records[key]?.note(found, lease: lease, isExact: reading.isExact)
    note(change, of: key, at: found.time)
    return key
  }

  mutating func fold(_ event: LockEvent, of reading: LockSample) -> LockKey? {
    let key = LockKey(source: reading.source, key: event.key)
    guard prepare(key, definition: event.definition, at: event.time) else { return nil }
    note(records[key]?.note(event), of: key, at: event.time)
    return key
  }

  mutating func fold(gone: String, of reading: LockSample) -> LockKey? {
    let key = LockKey(source: reading.source, key: gone)
    guard records[key] != nil else { return nil }
    note(records[key]?.noteGone(at: reading.time), of: key, at: reading.time)
    return key
  }

  mutating func judge(_ key: LockKey, _ judgement: LockJudge.Judgement) { records[key]?.judgement = judgement }

  /// A lock found before the first complete scan was acquired at an unknown earlier time.
  private mutating func note(_ change: LockRecord.Change?, of key: LockKey, at time: Timestamp) {
    guard let change, let record = records[key] else { return }
    var takenAt: Timestamp?
    if change.hasBegun, let holding = record.holding {
      let isNew = change.ended != nil || servers[key.source].map { $0.passes > 0 } ?? false
      takenAt = holding.isSinceExact ? holding.since : isNew ? time : nil
    }
    figures[record.definition].note(change, takenAt: takenAt)
  }

  /// Returns `false` if the lock cannot be stored.
  private mutating func prepare(_ key: LockKey, definition: Int, at time: Timestamp) -> Bool {
    guard definitions.indices.contains(definition) else { return false }
    if records[key] != nil { return true }
    guard records.count < Self.mostKeys else {
      dropped &+= 1
      return false
    }
    let parts = definitions[definition].pattern.parts(of: key.key) ?? []
    records[key] = LockRecord(definition: definition, parts: parts, at: time)
    return true
  }

  /// Last call of a round: returns the ranks to sort. Free locks are dropped if they are old or too many.
  mutating func finish(_ reading: LockSample) -> [Rank] {
    if servers[reading.source] == nil {
      servers[reading.source] = LockServer(reading)
    } else {
      servers[reading.source]?.note(reading)
    }
    forget(olderThan: reading.time - Self.freeRetention)
    counts = [:]
    heldByDefinition = definitions.map { _ in 0 }
    var ranks: [Rank] = []
    var owned: [Owner: [String]] = [:]
    for (key, record) in records {
      if record.holding != nil { heldByDefinition[record.definition] += 1 }
      if let owner = Owner(key, record) { owned[owner, default: []].append(key.key) }
      guard record.holding != nil || record.verdict == .lost else { continue }
      counts[record.verdict, default: 0] += 1
      ranks.append(Rank(key: key, verdict: record.verdict, since: record.holding?.since ?? record.knownAt))
    }
    together = owned.filter { $0.value.count > 1 }.mapValues { $0.sorted() }
    return ranks
  }

  mutating func order(by ranking: [Rank]) { self.ranking = ranking }

  /// Removes free locks, except lost ones, and all but the last of the earlier holdings of the others.
  mutating func thin() {
    records = records.filter { $0.value.holding != nil || $0.value.verdict == .lost }
    for key in records.keys { records[key]?.thin() }
    for place in figures.indices { figures[place].thin() }
  }

  /// Approximate size in bytes.
  var bytes: Int {
    records.count * (MemoryLayout<LockRecord>.stride + 600) + ranking.count * (MemoryLayout<Rank>.stride + 32)
      + figures.reduce(0) { $0 + 3000 + $1.holds.bytes }
  }

  private mutating func forget(olderThan instant: Timestamp) {
    let free = records.filter { $0.value.holding == nil }
    guard !free.isEmpty else { return }
    for (key, record) in free where record.knownAt < instant { records[key] = nil }
    guard free.count > Self.mostFree else { return }
    let latest = free.sorted { left, right in
      if left.value.knownAt != right.value.knownAt { return left.value.knownAt > right.value.knownAt }
      return (left.key.key, left.key.source) < (right.key.key, right.key.source)
    }
    for (key, _) in latest.dropFirst(Self.mostFree) { records[key] = nil }
  }
}

/// Statistics of one kind of lock.
struct LockStatistics {
  private(set) var acquisitions = RateSeries()
  private(set) var holds = LogHistogram()
  private(set) var ended = 0
  /// Number of these holdings for which a client waited.
  private(set) var contended = 0
  /// The longest observed time to live.
  private(set) var longestTTL: Duration?

  /// `takenAt` is `nil` if nothing was acquired, or if it may have been acquired long before it was seen.
  mutating func note(_ change: LockRecord.Change, takenAt: Timestamp?) {
    if let takenAt { acquisitions.add(1, at: takenAt) }
    guard let holding = change.ended, let duration = holding.duration else { return }
    holds.add(duration)
    ended &+= 1
    if holding.waiters > 0 { contended &+= 1 }
  }

  mutating func thin() { holds.trim() }

  mutating func note(ttl: Duration?) {
    guard let ttl else { return }
    longestTTL = max(longestTTL ?? .zero, ttl)
  }
}
