/// All consumer groups and the logs they read, over time. Not thread-safe: `Store` guards it.
struct LagState {
  let symbols: SymbolTable
  let rules: LagRules
  private(set) var logs: [TopicPartitionKey: PartitionLog] = [:]
  private(set) var groups: [String: ConsumerGroup] = [:]
  private var records = LogRecords()
  /// Partitions that no longer exist, with the end of their logs, in case they are recreated.
  private var ends: [TopicPartitionKey: Int64?] = [:]
  /// Partitions with an open transaction.
  private var open: Set<TopicPartitionKey> = []
  private var purged: Set<Symbol> = []
  private(set) var last: LagSample?
  private(set) var readers: TopicReaders
  private var gone: Set<TopicPartitionKey> = []

  /// `topics` are the topics to find the readers of.
  init(symbols: SymbolTable, rules: LagRules = LagRules(), topics: Set<Symbol> = []) {
    self.symbols = symbols
    self.rules = rules
    readers = TopicReaders(of: topics)
  }

  /// Records a message that was read from a topic.
  mutating func note(_ time: Timestamp?, of origin: Origin) {
    records.note(time.flatMap { Self.isPlausible($0) ? $0 : nil }, of: origin)
  }

  /// First call of a round: updates the logs by which the groups are judged. `isWhole`: the reader of the topics is up to date.
  mutating func begin(_ reading: LagSample, isWhole: Bool) {
    for found in reading.found { records.note(Self.plausible(found)) }
    open.removeAll(keepingCapacity: true)
    for offsets in reading.partitions { note(offsets, isWhole: isWhole, at: reading.time) }
    if logs.count > reading.partitions.count {
      let known = Set(reading.partitions.map(\.key))
      for key in reading.gone { if let end = logs[key]?.history.last?.offset { ends[key] = end } }
      logs = logs.filter { known.contains($0.key) }
    }
    gone = Set(reading.gone)
    for key in gone {
      records.forget(key)
      if ends.count < Self.mostGone, ends[key] == nil { ends[key] = .some(nil) }
    }
  }

  private mutating func note(_ offsets: PartitionOffsets, isWhole: Bool, at time: Timestamp) {
    let key = offsets.key
    if logs[key] == nil, symbols.text(key.topic).hasSuffix("-repartition") { purged.insert(key.topic) }
    if let end = ends.removeValue(forKey: key) { logs[key, default: PartitionLog()].beginAnew(after: end, at: time) }
    if logs[key, default: PartitionLog()].note(offsets, at: time) { records.forget(key) }
    if logs[key]?.open != nil { open.insert(key) }
    if let end = settlingEnd(offsets) { records.settle(key, end: end, isWhole: isWhole, at: time) }
  }

  /// The offset below which an up-to-date reader has received every message. Unknown without a last stable offset, because messages of an
  /// open transaction may be before the end. Recordings without any stable offset were made by readers of all messages.
  private func settlingEnd(_ offsets: PartitionOffsets) -> Int64? {
    if let stable = offsets.stable { return stable }
    return logs[offsets.key]?.stableReadAt == nil ? offsets.end : nil
  }

  private static var mostGone: Int { 20_000 }

  mutating func fold(_ reading: GroupSample, at time: Timestamp) {
    let round = round(at: time)
    var group =
      groups.removeValue(forKey: reading.name)
      ?? ConsumerGroup(name: reading.name, allowance: rules.allowance(of: reading.name), at: time)
    group.note(reading, in: round)
    group.row = row(group, now: time)
    groups[reading.name] = group
  }

  private func round(at time: Timestamp) -> LagRound {
    LagRound(
      logs: logs, records: records, gone: gone, openLogs: open, purged: purged,
      judge: PartitionJudge(rules: rules), time: time)
  }

  /// Last call of a round: removes groups that no longer exist.
  mutating func finish(_ reading: LagSample) {
    if groups.count > reading.groups.count { groups = groups.filter { $0.value.readAt == reading.time } }
    readers.update(groups.values)
    last = LagSample(
      time: reading.time, took: reading.took, requests: reading.requests, isListed: reading.isListed,
      incompleteness: reading.incompleteness)
  }

  func age(of offset: Int64, in key: TopicPartitionKey, now: Timestamp) -> LagTime {
    round(at: now).age(key, offset)
  }

  /// The transactions that have been open for too long, by topic and partition.
  func openTransactions(now: Timestamp) -> [OpenTransaction] {
    let round = round(at: now)
    return open.compactMap { key in
      round.transaction(key).flatMap { found in
        found.isLong
          ? OpenTransaction(
            topic: symbols.text(key.topic), partition: key.partition, age: found.age, waiting: found.waiting) : nil
      }
    }.sorted { ($0.topic, $0.partition) < ($1.topic, $1.partition) }
  }

  /// Whether messages of the topic were read.
  func hasRead(_ topic: String) -> Bool { records.hasRead(symbols.symbol(topic)) }

  /// Kafka was released in 2011. An earlier time is invalid: it is in seconds, or 0.
  private static func isPlausible(_ time: Timestamp) -> Bool { time >= Timestamp(milliseconds: 1_293_840_000_000) }

  private static func plausible(_ message: FirstMessage) -> FirstMessage {
    var message = message
    message.time = message.time.flatMap { isPlausible($0) ? $0 : nil }
    return message
  }
}

/// The lag data of a `StorePicture`. It does not include which messages were read, so ages of messages are interpolated.
extension LagState {
  struct Picture: Sendable {
    /// Maximum number of samples of each partition's log, and of each group's commits in a partition.
    static let samples = 16

    fileprivate var logs: [TopicPartitionKey: PartitionLog]
    fileprivate var groups: [String: ConsumerGroup]
    fileprivate let open: Set<TopicPartitionKey>
    fileprivate let last: LagSample?
    fileprivate let readers: TopicReaders

    /// Number of partitions of logs and of groups.
    var parts: Int { groups.values.reduce(logs.count) { $0 + $1.partitions.count } }

    mutating func thin() {
      for key in logs.keys { logs[key]?.thin() }
      for name in groups.keys { groups[name]?.thin() }
    }

    /// Approximate size in bytes. A dictionary is at most three quarters full.
    var bytes: Int {
      let sample = MemoryLayout<OffsetHistory.Sample>.stride
      let ofLogs = logs.values.reduce(0) {
        $0 + MemoryLayout<PartitionLog>.stride + 32 + $1.history.samples.count * sample
      }
      let ofGroups = groups.values.reduce(0) { sum, group in
        group.partitions.values.reduce(
          sum + MemoryLayout<ConsumerGroup>.stride + 1000 + 200 * (group.members?.count ?? 0)
        ) {
          $0 + MemoryLayout<GroupPartition>.stride + 160 + $1.commits.samples.count * sample
        }
      }
      return (ofLogs + ofGroups) * 4 / 3
    }
  }

  var picture: Picture { Picture(logs: logs, groups: groups, open: open, last: last, readers: readers) }

  mutating func show(_ picture: Picture) {
    (logs, groups, open, last, readers) = (
      picture.logs, picture.groups, picture.open, picture.last, picture.readers
    )
  }
}

/// The data by which groups are judged in one round.
struct LagRound {
  let logs: [TopicPartitionKey: PartitionLog]
  let records: LogRecords
  /// Partitions that no longer exist.
  let gone: Set<TopicPartitionKey>
  /// Partitions with an open transaction.
  let openLogs: Set<TopicPartitionKey>
  /// Topics with readers that delete messages after reading, as Kafka Streams does with its repartition topics.
  let purged: Set<Symbol>
  let judge: PartitionJudge
  let time: Timestamp

  /// Number of offsets between a commit and the log end that are known to contain no message.
  func empty(_ key: TopicPartitionKey, from committed: Int64) -> Int64 {
    guard let log = logs[key], let end = log.end, committed <= end else { return 0 }
    return records.empty(of: key, from: log.first(from: committed), to: end)
  }

  /// Age of the first message at or after an offset: from its own timestamp if the message was read, else from the time when the log end
  /// offset passed it. The message's timestamp is ignored if it is later than the message was first seen, because the producer's clock
  /// runs ahead, and if it is far older than the time when the message was appended.
  func age(_ key: TopicPartitionKey, _ offset: Int64) -> LagTime {
    let log = logs[key]
    let first = records.first(of: key, from: offset)
    let received = received(first.offset, log)
    guard let own = first.time else { return LagTime(received) }
    let latest = min(time, log?.history.reached(first.offset) ?? time)
    if own > latest + Self.clockTolerance {
      return LagTime(
        received.value.map { .atLeast($0, "the producer's clock runs ahead") } ?? received, drift: own - latest)
    }
    if case .at(let appended) = log?.history.appended(first.offset), appended - own > Self.delayTolerance {
      return LagTime(received)
    }
    return LagTime(.exact(max(.zero, time - own)))
  }

  /// Maximum clock difference that is ignored.
  private static let clockTolerance = Duration.seconds(1)
  /// A message that was created longer before it was published was not waiting for a reader all that time.
  private static let delayTolerance = Duration.seconds(86_400)

  /// Age by the time when the log end offset passed the message.
  private func received(_ offset: Int64, _ log: PartitionLog?) -> Known<Duration> {
    switch log?.history.appended(offset) {
    case .at(let instant): .interpolated(max(.zero, time - instant))
    case .before(let instant) where time > instant: .atLeast(time - instant, "it was there at the first look")
    case .before: .unknown("it was there at the first look")
    case .unknown, nil: .unknown()
    }
  }

  /// The open transaction of a partition. `isLong`: it has been open longer than any transaction should be. Its first message must have
  /// been the first for at least a second, because a producer may put an old timestamp into a message of a short transaction.
  func transaction(_ key: TopicPartitionKey) -> (age: Known<Duration>, isLong: Bool, waiting: Int64)? {
    guard openLogs.contains(key), let log = logs[key], let open = log.open, let end = log.end else { return nil }
    let seen = max(.zero, time - open.since)
    // The two offsets are read one after the other: a moving stable offset only reflects messages that arrived in between.
    guard seen > .zero else { return nil }
    let age = self.age(key, open.offset).known
    let known = age.value.map { $0 >= seen } == true ? age : .atLeast(seen, "it was open at the first look")
    let isOld = known.holds(.atLeast, OpenTransaction.longest) == true
    return (known, isOld && seen >= .seconds(1), end - open.offset)
  }

  /// The open transaction, if a group with this commit has read all messages before it.
  func transaction(
    _ key: TopicPartitionKey, after committed: Int64
  ) -> (age: Known<Duration>, isLong: Bool, waiting: Int64)? {
    guard let found = transaction(key), let log = logs[key], let open = log.open, committed <= open.offset else {
      return nil
    }
    let first = log.first(from: committed)
    return open.offset - first - records.empty(of: key, from: first, to: open.offset) <= 0 ? found : nil
  }
}
