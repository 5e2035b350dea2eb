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

  /// How old a message is: by its own time where its event was read, else by when the log end offset passed it. A message that says to be
  /// younger than it can be, because it lay in the log before, has a clock that runs ahead: its own time does not count then.
  private static func age(
    of offset: Int64, in key: TopicPartitionKey, _ log: PartitionLog?, _ times: RecordTimes, now: Timestamp
  ) -> LagTime {
    guard let time = times.time(of: key, offset) else { return LagTime(received(offset, log, now: now)) }
    let latest = min(now, log?.history.reached(offset) ?? now)
    guard time > latest + clockTolerance else { return LagTime(.exact(max(.zero, now - time))) }
    let age = received(offset, log, now: now)
    return LagTime(age.value.map { .atLeast($0, "the producer's clock runs ahead") } ?? age, drift: time - latest)
  }

  /// Clocks may differ by so much before their difference counts.
  private static var clockTolerance: Duration { .seconds(1) }

  /// By when the log end offset passed it.
  private static func received(_ offset: Int64, _ log: PartitionLog?, now: Timestamp) -> Known<Duration> {
    switch log?.history.appended(offset) {
    case .at(let time): .interpolated(max(.zero, now - time))
    case .before(let time) where now > time: .atLeast(now - time, "it was there at the first look")
    case .before: .unknown("it was there at the first look")
    case .unknown, nil: .unknown()
    }
  }
}
