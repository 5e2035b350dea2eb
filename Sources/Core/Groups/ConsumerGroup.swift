/// One consumer group over time.
struct ConsumerGroup {
  /// Rounds whose total lag is kept for the sparkline.
  private static let historyLength = 60

  let name: String
  private(set) var state: GroupSample.State?
  private(set) var members: [GroupSample.Member]?
  private(set) var error: String?
  private(set) var partitions: [TopicPartitionKey: GroupPartition] = [:]
  private(set) var rebalancing: GroupRow.Rebalancing?
  private(set) var history: [Int64?] = []
  /// Its commits were read in the last round.
  private(set) var hasCommits = false
  /// The round in which it was last read.
  private(set) var readAt: Timestamp
  /// As of that round: what a list shows is not reckoned anew for each frame.
  var row: GroupRow
  private let allowance: LagRules.Allowance

  init(name: String, allowance: LagRules.Allowance, at time: Timestamp) {
    self.name = name
    self.allowance = allowance
    readAt = time
    row = GroupRow(name: name, verdict: .unknown)
  }

  /// Whether somebody reads; `nil` where that is not known.
  var hasMembers: Bool? {
    if let members { return !members.isEmpty }
    switch state {
    case .empty, .dead: return false
    case .stable, .preparingRebalance, .completingRebalance: return true
    case nil: return nil
    }
  }

  /// Takes one reading. `age` tells how old the message with an offset is.
  mutating func note(
    _ reading: GroupSample, logs: [TopicPartitionKey: PartitionLog], judge: PartitionJudge, at time: Timestamp,
    age: (TopicPartitionKey, Int64) -> LagTime
  ) {
    readAt = time
    error = reading.error
    noteMembers(reading, at: time)
    // That it has none is only known where nothing went wrong.
    let commits = reading.error != nil && reading.commits?.isEmpty == true ? nil : reading.commits
    hasCommits = commits != nil
    if let commits {
      note(commits, logs: logs, at: time)
      for key in partitions.keys { evaluate(key, logs[key], judge, at: time, age: age) }
    }
    if history.count == Self.historyLength { history.removeFirst() }
    history.append(lag(logs).value)
  }

  private mutating func noteMembers(_ reading: GroupSample, at time: Timestamp) {
    let before = members.map { Set($0.map(\.id)) }
    state = reading.state
    members = reading.members
    switch reading.state {
    case .preparingRebalance, .completingRebalance:
      var current = rebalancing ?? GroupRow.Rebalancing(since: time, changes: 0)
      if let before, let members, before != Set(members.map(\.id)) { current.changes += 1 }
      rebalancing = current
    default: rebalancing = nil
    }
  }

  private mutating func note(
    _ commits: [GroupSample.Commit], logs: [TopicPartitionKey: PartitionLog], at time: Timestamp
  ) {
    var seen: Set<TopicPartitionKey> = []
    for commit in commits {
      let key = TopicPartitionKey(topic: commit.topic, partition: commit.partition)
      seen.insert(key)
      partitions[key, default: GroupPartition(firstSeen: time)].note(commit.offset, log: logs[key], at: time)
    }
    for key in assigned where seen.insert(key).inserted {
      partitions[key, default: GroupPartition(firstSeen: time)].note(nil, log: logs[key], at: time)
    }
    if seen.count < partitions.count { partitions = partitions.filter { seen.contains($0.key) } }
  }

  private var assigned: [TopicPartitionKey] { members?.flatMap(\.partitions) ?? [] }

  private mutating func evaluate(
    _ key: TopicPartitionKey, _ log: PartitionLog?, _ judge: PartitionJudge, at time: Timestamp,
    age: (TopicPartitionKey, Int64) -> LagTime
  ) {
    guard let partition = partitions[key] else { return }
    let evidence = partition.evidence(
      log: log, hasMembers: hasMembers, lagTime: lagTime(key, partition, log, age), allowance: allowance, at: time)
    partitions[key]?.judge(judge, evidence)
  }

  /// How old the oldest unread message of a partition is.
  func lagTime(
    _ key: TopicPartitionKey, _ partition: GroupPartition, _ log: PartitionLog?,
    _ age: (TopicPartitionKey, Int64) -> LagTime
  ) -> LagTime {
    let lag = lag(of: partition, log)
    guard let count = lag.value else { return LagTime(.unknown(lag.reason)) }
    if count == 0 { return .zero }
    guard let committed = partition.committed else { return .unknown }
    return age(key, max(committed, log?.start ?? committed))
  }

  /// Messages that it has not read in all its partitions.
  func lag(_ logs: [TopicPartitionKey: PartitionLog]) -> Known<Int64> {
    whole("lag", of: partitions.map { lag(of: $1, logs[$0]) }) { .sum($0, &+) }
  }

  func lag(of partition: GroupPartition, _ log: PartitionLog?) -> Known<Int64> {
    hasCommits ? partition.lag(in: log) : .unknown(error ?? "its offsets were not read")
  }

  /// How old the oldest message is that it has not read.
  func lagTime(_ times: [LagTime]) -> LagTime {
    let age = whole("age", of: times.map(\.known)) { .max($0) }
    return LagTime(age, drift: times.compactMap(\.drift).max())
  }

  /// Combines what is known of its partitions, and says of how many of them it is not known.
  private func whole<Value>(
    _ what: String, of parts: [Known<Value>], _ combine: ([Known<Value>]) -> Known<Value>?
  ) -> Known<Value> {
    guard hasCommits else {
      return .unknown("\(what) of \(name) is not known: \(error ?? "its offsets were not read")")
    }
    guard var whole = combine(parts) else { return .unknown("\(name) has committed nothing") }
    let unknown = parts.filter { !$0.isExact }
    if let first = unknown.first {
      let which = parts.count == 1 ? name : "\(unknown.count) of \(parts.count) partitions of \(name)"
      let cause = unknown.count == 1 && !first.reason.isEmpty ? ": \(first.reason)" : ""
      let isBound = unknown.allSatisfy { $0.value != nil }
      whole.reason = "\(what) of \(which) is \(isBound ? "only known as a bound" : "not known")\(cause)"
    }
    return whole
  }

  /// The gravest of its partitions. Those that it never committed in count only when there are no others.
  func worst(_ symbols: SymbolTable) -> (key: TopicPartitionKey, judgement: PartitionJudge.Judgement)? {
    let committed = partitions.filter { $0.value.judgement.verdict != .none }
    return (committed.isEmpty ? partitions : committed).map { (key: $0.key, judgement: $0.value.judgement) }.max {
      left, right in
      if left.judgement.verdict != right.judgement.verdict { return left.judgement.verdict < right.judgement.verdict }
      if left.key.topic == right.key.topic { return left.key.partition > right.key.partition }
      return symbols.text(left.key.topic) > symbols.text(right.key.topic)
    }
  }
}
