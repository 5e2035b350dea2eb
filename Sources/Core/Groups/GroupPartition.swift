/// The state of one consumer group in one partition over time.
struct GroupPartition {
  private static let gapsKept = 8
  /// Upper limit for the wait until the first move: after a longer wait the group had nothing to read.
  private static let longestFirstGap = Duration.seconds(60)
  /// Number of consecutive better samples before the verdict improves; one worse sample makes it worse.
  private static let readingsToBetter = 2

  private(set) var committed: Int64?
  private(set) var commits = OffsetHistory()
  private(set) var lags = LagWindow()
  private(set) var judgement = PartitionJudge.Judgement(verdict: .unknown, reason: "not read yet")
  /// When its commit last moved; `nil` if it was never seen to move.
  private(set) var movedAt: Timestamp?
  /// The group has members, and none of them is assigned the topic any more.
  private(set) var isLeft = false
  private var betterReadings = 0
  private var firstSeen: Timestamp
  private var gaps: [Duration] = []
  private var backlog = CommitBacklog()
  /// The log end offset at the previous sample.
  private var endBefore: Int64?
  private var endWhenMoved: Int64?
  private var behindSince: Timestamp?
  private var drop: PartitionEvidence.Drop?
  private var loss: PartitionEvidence.Loss?
  private var hasJudged = false
  /// Number of offsets between its commit and the log end that are known to contain no message.
  private var empty: Int64 = 0

  init(firstSeen: Timestamp) {
    self.firstSeen = firstSeen
  }

  /// Adds one sample. `isAssigned`: whether a member reads the topic; `nil` if unknown. `isPurged`: its readers delete messages after
  /// reading. Returns whether the commit moved.
  @discardableResult
  mutating func note(
    _ offset: Int64?, log: PartitionLog?, empty: Int64, isAssigned: Bool?, isPurged: Bool = false, rules: LagRules,
    at time: Timestamp
  ) -> Bool {
    let before = committed
    self.empty = empty
    if let offset { noteCommit(offset, log: log, at: time) } else { committed = nil }
    // If the commit moves, the partition has a reader.
    let moves = movedAt.map { time - $0 < rules.window } ?? false
    isLeft = isAssigned.map { !$0 && !moves } ?? isLeft
    // The log start is read after the commit: if readers delete committed messages, it may match a later commit.
    if let offset, let start = log?.start, log?.end != nil, offset < start, !isPurged || before == offset {
      loss = .init(time: time, committed: offset, start: start)
    }
    if let lag = lag(in: log).value {
      lags.add(lag, at: time)
      behindSince = lag > 0 ? behindSince ?? time : nil
    }
    let hasMoved = before != nil && movedAt == time
    if hasMoved, let offset, let endBefore { backlog.note(endBefore - offset, at: time) }
    endBefore = log?.end
    return hasMoved
  }

  /// Removes the data that the verdict was derived from.
  mutating func thin() {
    (lags, backlog) = (LagWindow(), CommitBacklog())
    commits.thin(to: LagState.Picture.samples)
  }

  /// Messages that it has not read.
  func lag(in log: PartitionLog?) -> Known<Int64> {
    guard let log else { return .unknown("its log was not read") }
    if committed != nil, let anew = log.recreation, movedAt.map({ $0 < anew.time }) ?? (firstSeen <= anew.time) {
      return .unknown("its commit is of the log before")
    }
    return log.lag(from: committed, empty: empty)
  }

  /// Messages read per second; `nil` unless there are two samples, the last of this round.
  func rate(over span: Duration) -> Double? { committed == nil ? nil : commits.rate(over: span) }

  /// How long its commits have been observed.
  var observed: Duration { commits.span }

  private mutating func noteCommit(_ offset: Int64, log: PartitionLog?, at time: Timestamp) {
    defer { committed = offset }
    guard let last = commits.last else {
      endWhenMoved = log?.end
      return commits.add(offset, at: time)
    }
    if offset < last.offset {
      // In a recreated log a smaller commit is a fresh start, not a rewind.
      let isAnew = log?.recreation.map { $0.time > movedAt ?? firstSeen } ?? false
      drop = isAnew ? nil : PartitionEvidence.Drop(time: time, from: last.offset, to: offset)
      commits = OffsetHistory()
      lags.removeAll()
      backlog.removeAll()
      if isAnew { loss = nil }
    }
    if offset != last.offset {
      if let movedAt {
        if gaps.count == Self.gapsKept { gaps.removeFirst() }
        gaps.append(time - movedAt)
      }
      movedAt = time
      endWhenMoved = log?.end
    }
    commits.add(offset, at: time)
  }

  /// Computes the verdict of this sample; keeps the previous one until an improvement is confirmed.
  mutating func judge(_ judge: PartitionJudge, _ evidence: PartitionEvidence) {
    let found = judge.judge(evidence)
    // Without any lag, nothing grows.
    if judgement.verdict == .warning, evidence.lag == .exact(0) { judgement = found }
    guard hasJudged, judgement.verdict != .unknown, found.verdict < judgement.verdict else {
      hasJudged = true
      betterReadings = 0
      judgement = found
      return
    }
    betterReadings += 1
    guard betterReadings >= Self.readingsToBetter else { return }
    betterReadings = 0
    judgement = found
  }

  func evidence(
    log: PartitionLog?, hasMembers: Bool?, lagTime: LagTime, allowance: LagRules.Allowance, rules: LagRules,
    at now: Timestamp
  ) -> PartitionEvidence {
    var evidence = PartitionEvidence(
      now: now, committed: committed, start: log?.start, end: log?.end, hasMembers: hasMembers, firstSeen: firstSeen,
      movedAt: movedAt, commitGap: commitGap)
    evidence.lag = lag(in: log)
    evidence.arrived = (log?.end ?? 0) - (endWhenMoved ?? log?.end ?? 0)
    evidence.behindSince = behindSince
    evidence.rateIn = log?.rate(over: rules.window)
    // A slope is the most expensive value, and a lag can only be growing if it is larger than before.
    if let last = lags.samples.last, let first = lags.samples.first, last.lag > first.lag {
      evidence.slope = lags.slope
    }
    evidence.growth = backlog.growth(window: rules.window, now: now)
    (evidence.drop, evidence.loss, evidence.isLeft) = (drop, loss, isLeft)
    evidence.recreated = log?.recreation.map { ($0.time, $0.end) }
    evidence.lagTime = lagTime
    evidence.allowance = allowance
    return evidence
  }

  /// Median time between two moves of the commit; with only one move, the time waited for it.
  var commitGap: Duration? {
    gaps.isEmpty ? movedAt.map { min($0 - firstSeen, Self.longestFirstGap) } : gaps.sorted()[gaps.count / 2]
  }
}
