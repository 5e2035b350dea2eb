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
    if let commits = reading.commits { note(commits, logs: logs, at: time) }
    for key in partitions.keys { evaluate(key, logs[key], judge, at: time, age: age) }
    if history.count == Self.historyLength { history.removeFirst() }
    history.append(lag(logs))
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
    guard let committed = partition.committed, let end = log?.end else { return .unknown }
    let next = max(committed, log?.start ?? committed)
    return next >= end ? .zero : age(key, next)
  }

  /// Messages unread where that is known; `nil` when it is nowhere.
  func lag(_ logs: [TopicPartitionKey: PartitionLog]) -> Int64? {
    var total: Int64?
    for (key, partition) in partitions {
      guard let lag = Self.lag(of: partition, logs[key]) else { continue }
      total = (total ?? 0) &+ lag
    }
    return total
  }

  static func lag(of partition: GroupPartition, _ log: PartitionLog?) -> Int64? {
    guard let committed = partition.committed, let end = log?.end else { return nil }
    return max(0, end - max(committed, log?.start ?? committed))
  }

  /// The gravest of its partitions. Those that it never committed in count only when there are no others, and one that was not seen
  /// for long enough does not when the group reads elsewhere.
  func worst(_ symbols: SymbolTable) -> (key: TopicPartitionKey, judgement: PartitionJudge.Judgement)? {
    let committed = partitions.filter { $0.value.judgement.verdict != .none }
    let reads = committed.values.contains(where: \.hasMoved)
    let sure = reads ? committed.filter { !$0.value.isTooNew } : committed
    let counted = [sure, committed, partitions].first { !$0.isEmpty } ?? [:]
    return counted.map { (key: $0.key, judgement: $0.value.judgement) }.max { left, right in
      if left.judgement.verdict != right.judgement.verdict { return left.judgement.verdict < right.judgement.verdict }
      if left.key.topic == right.key.topic { return left.key.partition > right.key.partition }
      return symbols.text(left.key.topic) > symbols.text(right.key.topic)
    }
  }
}
