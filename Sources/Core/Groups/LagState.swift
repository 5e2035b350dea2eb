/// All that is known about consumer groups and the logs that they read, over time. Not safe on several threads: `Store` guards it.
struct LagState {
  let symbols: SymbolTable
  private let rules: LagRules
  private(set) var logs: [TopicPartitionKey: PartitionLog] = [:]
  private(set) var groups: [String: ConsumerGroup] = [:]
  private(set) var recordTimes = RecordTimes()
  private(set) var last: LagSample?
  private(set) var readers: TopicReaders

  /// `topics` are those whose readers are asked for.
  init(symbols: SymbolTable, rules: LagRules = LagRules(), topics: Set<Symbol> = []) {
    self.symbols = symbols
    self.rules = rules
    readers = TopicReaders(of: topics)
  }

  mutating func note(_ time: Timestamp, of origin: Origin) { recordTimes.note(time, of: origin) }

  /// First of a round: the logs, by which the groups are then judged.
  mutating func begin(_ reading: LagSample) {
    for offsets in reading.partitions {
      let key = TopicPartitionKey(topic: offsets.topic, partition: offsets.partition)
      if logs[key, default: PartitionLog()].note(offsets, at: reading.time) { recordTimes.forget(key) }
    }
    if logs.count > reading.partitions.count {
      let known = Set(reading.partitions.map { TopicPartitionKey(topic: $0.topic, partition: $0.partition) })
      logs = logs.filter { known.contains($0.key) }
    }
  }

  mutating func fold(_ reading: GroupSample, at time: Timestamp) {
    let (logs, times) = (logs, recordTimes)
    var group =
      groups.removeValue(forKey: reading.name)
      ?? ConsumerGroup(name: reading.name, allowance: rules.allowance(of: reading.name), at: time)
    group.note(reading, logs: logs, judge: PartitionJudge(rules: rules), at: time) { key, offset in
      Self.age(of: offset, in: key, logs[key], times, now: time)
    }
    group.row = row(group, now: time)
    groups[reading.name] = group
  }

  /// Last of a round: groups that are gone are forgotten.
  mutating func finish(_ reading: LagSample) {
    if groups.count > reading.groups.count { groups = groups.filter { $0.value.readAt == reading.time } }
    readers.update(groups.values)
    last = LagSample(
      time: reading.time, took: reading.took, requests: reading.requests, isListed: reading.isListed)
  }

  func age(of offset: Int64, in key: TopicPartitionKey, now: Timestamp) -> LagTime {
    Self.age(of: offset, in: key, logs[key], recordTimes, now: now)
  }

  /// How old a message is: by its own time where its event was read, else by when the log end offset passed it.
  private static func age(
    of offset: Int64, in key: TopicPartitionKey, _ log: PartitionLog?, _ times: RecordTimes, now: Timestamp
  ) -> LagTime {
    if let time = times.time(of: key, offset) {
      return time <= now ? LagTime(now - time, .exact) : LagTime(.zero, .exact, drift: time - now)
    }
    switch log?.history.appended(offset) {
    case .at(let time): return LagTime(max(.zero, now - time), .interpolated)
    case .before(let time): return now > time ? LagTime(now - time, .atLeast) : .unknown
    case .unknown, nil: return .unknown
    }
  }
}
