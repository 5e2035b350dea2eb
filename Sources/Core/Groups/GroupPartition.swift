/// What one consumer group did in one partition over time.
struct GroupPartition {
  private static let gapsKept = 8
  /// Readings in a row that must be better before the verdict gets better; one that is worse is enough to make it worse.
  private static let readingsToBetter = 2

  private(set) var committed: Int64?
  private(set) var commits = OffsetHistory()
  private(set) var lags = LagWindow()
  private(set) var judgement = PartitionJudge.Judgement(verdict: .unknown, reason: "not read yet")
  private var betterReadings = 0
  private var firstSeen: Timestamp
  private var movedAt: Timestamp?
  private var gaps: [Duration] = []
  private var endWhenMoved: Int64?
  private var behindSince: Timestamp?
  private var drop: PartitionEvidence.Drop?
  private var hasJudged = false

  init(firstSeen: Timestamp) {
    self.firstSeen = firstSeen
  }

  mutating func note(_ offset: Int64?, log: PartitionLog?, at time: Timestamp) {
    if let offset { noteCommit(offset, log: log, at: time) } else { committed = nil }
    guard let lag = lag(in: log).value else { return }
    lags.add(lag, at: time)
    behindSince = lag > 0 ? behindSince ?? time : nil
  }

  /// Messages that it has not read.
  func lag(in log: PartitionLog?) -> Known<Int64> {
    guard let log else { return .unknown("its log was not read") }
    if committed != nil, let anew = log.recreation, (movedAt ?? firstSeen) < anew.time {
      return .unknown("its commit is of the log before")
    }
    return log.lag(from: committed)
  }

  /// How fast it is read; `nil` unless two readings tell, the last of them of this round.
  func rate(over span: Duration) -> Double? { committed == nil ? nil : commits.rate(over: span) }

  private mutating func noteCommit(_ offset: Int64, log: PartitionLog?, at time: Timestamp) {
    defer { committed = offset }
    guard let last = commits.last else {
      endWhenMoved = log?.end
      return commits.add(offset, at: time)
    }
    if offset < last.offset {
      // In a log that was made anew a smaller commit is a beginning, not a way back.
      let isAnew = log?.recreation.map { $0.time > movedAt ?? firstSeen } ?? false
      drop = isAnew ? nil : PartitionEvidence.Drop(time: time, from: last.offset, to: offset)
      commits = OffsetHistory()
      lags.removeAll()
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

  /// Forms the verdict of this reading, and keeps the one before for as long as a better one is not sure.
  mutating func judge(_ judge: PartitionJudge, _ evidence: PartitionEvidence) {
    let found = judge.judge(evidence)
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
    log: PartitionLog?, hasMembers: Bool?, lagTime: LagTime, allowance: LagRules.Allowance, at now: Timestamp
  ) -> PartitionEvidence {
    var evidence = PartitionEvidence(
      now: now, committed: committed, start: log?.start, end: log?.end, hasMembers: hasMembers, firstSeen: firstSeen,
      movedAt: movedAt, commitGap: commitGap)
    evidence.lag = lag(in: log)
    evidence.arrived = (log?.end ?? 0) - (endWhenMoved ?? log?.end ?? 0)
    evidence.behindSince = behindSince
    evidence.readings = lags.samples.count
    evidence.lagBefore = lags.samples.first?.lag
    // A slope costs more than all else, and only a lag that is larger than it was can be growing.
    if let last = lags.samples.last, let first = lags.samples.first, last.lag > first.lag {
      evidence.slope = lags.slope
    }
    evidence.drop = drop
    evidence.recreated = log?.recreation.map { ($0.time, $0.end) }
    evidence.lagTime = lagTime
    evidence.allowance = allowance
    return evidence
  }

  /// The usual time between two moves of the commit.
  private var commitGap: Duration? {
    gaps.isEmpty ? nil : gaps.sorted()[gaps.count / 2]
  }
}
