import Text

/// The state of one consumer group over time.
struct ConsumerGroup {
  /// Number of rounds of total lag stored for the sparkline.
  private static let historyLength = 60

  let name: String
  private(set) var state: GroupSample.State?
  private(set) var members: [GroupSample.Member]?
  private(set) var error: String?
  private(set) var partitions: [TopicPartitionKey: GroupPartition] = [:]
  private(set) var rebalancing: GroupRow.Rebalancing?
  private(set) var history: [Int64?] = []
  /// Partitions with a commit of the group that no longer exist.
  private(set) var gone: [TopicPartitionKey] = []
  /// Offsets are committed by a client that is not a member.
  private(set) var commitsWithoutMembers = false
  private var isSimple = false
  /// It no longer reads some of its topics.
  private var hasLeft = false
  private var hasMovedWithoutMembers = false
  /// When a commit first moved while the group had no members.
  private var movedAlone: Timestamp?
  /// Number of consecutive samples without members.
  private var memberlessReadings = 0
  /// The broker cannot describe its members.
  private var isUndescribed = false
  /// Its commits were read in the last round.
  private(set) var hasCommits = false
  /// The round in which it was last read.
  private(set) var readAt: Timestamp
  /// As of that round, so that lists do not compute it for each frame.
  var row: GroupRow
  private let allowance: LagRules.Allowance

  init(name: String, allowance: LagRules.Allowance, at time: Timestamp) {
    self.name = name
    self.allowance = allowance
    readAt = time
    row = GroupRow(name: name, verdict: .unknown)
  }

  /// Whether the group has active readers; `nil` if unknown or if the reader need not be a member.
  var hasMembers: Bool? {
    if commitsWithoutMembers { return nil }
    if let members { return !members.isEmpty }
    switch state {
    case .empty: return false
    case .dead: return isUndescribed ? nil : false
    case .stable, .preparingRebalance, .completingRebalance: return true
    case nil: return nil
    }
  }

  mutating func note(_ reading: GroupSample, in round: LagRound) {
    readAt = round.time
    error = reading.error
    noteMembers(reading, at: round.time)
    // An empty list of commits is reliable only if no error occurred.
    let commits = reading.error != nil && reading.commits?.isEmpty == true ? nil : reading.commits
    hasCommits = commits != nil
    if let commits {
      note(commits, in: round)
      for key in partitions.keys { evaluate(key, in: round) }
    }
    if history.count == Self.historyLength { history.removeFirst() }
    history.append(lag(round.logs).value)
  }

  mutating func thin() { for key in partitions.keys { partitions[key]?.thin() } }

  private mutating func noteMembers(_ reading: GroupSample, at time: Timestamp) {
    let before = members.map { Set($0.map(\.id)) }
    state = reading.state
    members = reading.members
    isUndescribed = reading.state == .dead && reading.commits?.isEmpty == false
    if isUndescribed {
      members = nil
      error = Self.undescribed
    }
    switch reading.state {
    case .preparingRebalance, .completingRebalance:
      var current = rebalancing ?? GroupRow.Rebalancing(since: time, changes: 0)
      if let before, let members, before != Set(members.map(\.id)) { current.changes += 1 }
      rebalancing = current
    default: rebalancing = nil
    }
    isSimple = reading.isSimple ?? isSimple
    if members?.isEmpty == true { memberlessReadings += 1 } else { memberlessReadings = 0 }
    let mayCommitAlone = isSimple || hasMovedWithoutMembers
    if members?.isEmpty == false { (hasMovedWithoutMembers, movedAlone) = (false, nil) }
    commitsWithoutMembers = mayCommitAlone && members?.isEmpty == true
  }

  private static let undescribed =
    "its members cannot be described: the broker calls it dead, although it has commits (so it answers an older client about a group of "
    + "the consumer protocol of Kafka 4, KIP-848)"

  private mutating func note(_ commits: [GroupSample.Commit], in round: LagRound) {
    let topics = assignedTopics(in: round)
    var seen: Set<TopicPartitionKey> = []
    gone = []
    let assigned = (members?.flatMap(\.partitions) ?? []).map {
      GroupSample.Commit(topic: $0.topic, partition: $0.partition, offset: nil)
    }
    for commit in commits + assigned + untold(beside: commits, in: round) {
      let key = TopicPartitionKey(topic: commit.topic, partition: commit.partition)
      guard seen.insert(key).inserted else { continue }
      guard !round.gone.contains(key) else {
        if commit.offset != nil { gone.append(key) }
        continue
      }
      note(commit.offset, key, isAssigned: topics.map { $0.contains(key.topic) }, in: round)
    }
    if seen.count != partitions.count {
      let gone = round.gone
      partitions = partitions.filter { seen.contains($0.key) && !gone.contains($0.key) }
    }
    hasLeft = topics != nil || hasLeft ? partitions.values.contains(where: \.isLeft) : false
  }

  /// Other partitions of the committed topics, if the group has no members: brokers omit partitions without a commit.
  private func untold(beside commits: [GroupSample.Commit], in round: LagRound) -> [GroupSample.Commit] {
    guard members?.isEmpty == true else { return [] }
    return Set(commits.filter { $0.offset != nil }.map(\.topic)).flatMap { topic in
      var found: [GroupSample.Commit] = []
      while let log = round.logs[TopicPartitionKey(topic: topic, partition: Int32(found.count))], log.end != nil {
        found.append(GroupSample.Commit(topic: topic, partition: Int32(found.count), offset: nil))
      }
      return found
    }
  }

  private mutating func note(_ offset: Int64?, _ key: TopicPartitionKey, isAssigned: Bool?, in round: LagRound) {
    let log = round.logs[key]
    let empty = offset.map { round.empty(key, from: $0) } ?? 0
    let hasMoved = partitions[key, default: GroupPartition(firstSeen: round.time)].note(
      offset, log: log, empty: empty, isAssigned: isAssigned, isPurged: round.purged.contains(key.topic),
      rules: round.judge.rules, at: round.time)
    guard hasMoved, memberlessReadings > 2 else { return }
    // A last commit may arrive while its member leaves, and an operator may set offsets once. Repeated commits mean an active reader.
    if let movedAlone, movedAlone < round.time { hasMovedWithoutMembers = true }
    movedAlone = movedAlone ?? round.time
  }

  /// `nil` while the group is not stable, or if no member has a readable assignment.
  private func assignedTopics(in round: LagRound) -> Set<Symbol>? {
    guard state == .stable, let members else { return nil }
    let topics = Set(members.flatMap(\.partitions).filter { !round.gone.contains($0) }.map(\.topic))
    return topics.isEmpty ? nil : topics
  }

  private mutating func evaluate(_ key: TopicPartitionKey, in round: LagRound) {
    guard let partition = partitions[key] else { return }
    let log = round.logs[key]
    var evidence = partition.evidence(
      log: log, hasMembers: hasMembers, lagTime: lagTime(key, partition, log, round.age), allowance: allowance,
      rules: round.judge.rules, at: round.time)
    evidence.transaction = partition.committed.flatMap { round.transaction(key, after: $0) }
    partitions[key]?.judge(round.judge, evidence)
  }

  /// Age of the oldest unread message of a partition.
  func lagTime(
    _ key: TopicPartitionKey, _ partition: GroupPartition, _ log: PartitionLog?,
    _ age: (TopicPartitionKey, Int64) -> LagTime
  ) -> LagTime {
    let lag = lag(of: partition, log)
    guard let count = lag.value else { return LagTime(.unknown(lag.reason)) }
    if count == 0 { return .zero }
    guard let committed = partition.committed else { return .unknown }
    return age(key, log?.first(from: committed) ?? committed)
  }

  /// The partitions that a member may read.
  var read: [TopicPartitionKey: GroupPartition] { hasLeft ? partitions.filter { !$0.value.isLeft } : partitions }

  /// Number of unread messages in all its partitions.
  func lag(_ logs: [TopicPartitionKey: PartitionLog]) -> Known<Int64> {
    whole("lag", of: read.map { lag(of: $1, logs[$0]) }) { .sum($0) { $0.saturating(plus: $1) } }
  }

  func lag(of partition: GroupPartition, _ log: PartitionLog?) -> Known<Int64> {
    hasCommits ? partition.lag(in: log) : .unknown(error ?? "its offsets were not read")
  }

  /// Age of the oldest unread message.
  func lagTime(_ times: [LagTime]) -> LagTime {
    let age = whole("age", of: times.map(\.known)) { .max($0) }
    return LagTime(age, drift: times.compactMap(\.drift).max())
  }

  /// Combines the values of its partitions and states for how many of them the value is unknown.
  private func whole<Value>(
    _ what: String, of parts: [Known<Value>], _ combine: ([Known<Value>]) -> Known<Value>?
  ) -> Known<Value> {
    guard hasCommits else {
      return .unknown("\(what) of \(name) is not known: \(error ?? "its offsets were not read")")
    }
    guard var whole = combine(parts) else {
      return .unknown(
        gone.isEmpty ? "\(name) has committed nothing" : "what \(name) committed to does not exist any more")
    }
    let unknown = parts.filter { !$0.isExact }
    if let first = unknown.first {
      let which = parts.count == 1 ? name : "\(unknown.count) of \(parts.count) partitions of \(name)"
      let cause = unknown.count == 1 && !first.reason.isEmpty ? ": \(first.reason)" : ""
      let isBound = unknown.allSatisfy { $0.value != nil }
      whole.reason = "\(what) of \(which) is \(isBound ? "only known as a bound" : "not known")\(cause)"
    }
    return whole
  }

  /// The partition with the worst verdict. Partitions without a commit count only if there are no others.
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
