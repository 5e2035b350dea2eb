import Text

/// All inputs of the verdict on one partition of one group.
struct PartitionEvidence {
  /// A commit that moved backwards.
  struct Drop: Equatable, Sendable {
    var time: Timestamp
    var from: Int64
    var to: Int64
  }

  /// Messages that were deleted before they were read.
  struct Loss: Equatable, Sendable {
    /// When the log start was last beyond the commit.
    var time: Timestamp
    var committed: Int64
    var start: Int64
  }

  var now: Timestamp
  var committed: Int64?
  var start: Int64?
  var end: Int64?
  /// Whether the group has active readers; `nil` if unknown.
  var hasMembers: Bool?
  /// When the partition was first read.
  var firstSeen: Timestamp
  /// When its commit last moved; `nil` if it was never seen to move.
  var movedAt: Timestamp?
  /// The usual time between two moves of its commit.
  var commitGap: Duration?
  /// Messages that arrived since the commit last moved, or since the first sample.
  var arrived: Int64 = 0
  /// Since when every sample has found unread messages.
  var behindSince: Timestamp?
  /// Growth of the messages that its commits left unread.
  var growth: (from: Int64, to: Int64)?
  /// Growth of the lag in messages per second.
  var slope: Double?
  /// Messages that arrive per second.
  var rateIn: Double?
  var drop: Drop?
  var loss: Loss?
  /// When the log was recreated, and its previous end if known.
  var recreated: (time: Timestamp, end: Int64?)?
  /// The open transaction, its age and the messages from its first one on, if the group has read all messages before it.
  var transaction: (age: Known<Duration>, isLong: Bool, waiting: Int64)?
  /// The group has members, and none of them is assigned the topic any more.
  var isLeft = false
  var lagTime = LagTime.unknown
  var allowance = LagRules.Allowance()

  /// Number of unread messages.
  var lag: Known<Int64> = nil

  var isAllowed: Bool {
    if lag.holds(.atMost, allowance.messages) == true { return true }
    // Without a configured age, only the message count is used: with differing clocks old messages may appear young.
    return allowance.age > .zero && lagTime.known.holds(.atMost, allowance.age) == true
  }
}

/// Judges one partition of one consumer group. Each rule evaluates the evidence independently; the worst result is used.
///
/// The rules are those of Burrow (its wiki, "Consumer Lag Evaluation Rules") with its known defects fixed; docs/lag.md compares them row
/// by row.
struct PartitionJudge {
  struct Judgement: Equatable, Sendable {
    var verdict: LagVerdict
    var reason: String
  }

  let rules: LagRules

  func judge(_ evidence: PartitionEvidence) -> Judgement {
    guard let committed = evidence.committed else { return neverCommitted(evidence) }
    if evidence.isLeft { return left(evidence) }
    guard evidence.end != nil else {
      return Judgement(verdict: .unknown, reason: "committed \(number(committed)), but the log end offset is not known")
    }
    let always = [truncated(evidence), recreated(evidence), rewound(evidence), memberless(evidence)]
    let found = always + (evidence.transaction.map { [blocked($0)] } ?? [standing(evidence), growing(evidence)])
    let worst = found.compactMap(\.self).max { $0.verdict < $1.verdict } ?? fine(evidence)
    return withLoss(worst, evidence)
  }

  private func neverCommitted(_ evidence: PartitionEvidence) -> Judgement {
    guard let start = evidence.start, let end = evidence.end else {
      return Judgement(verdict: .unknown, reason: "never committed here, and what lies here was not read")
    }
    guard end > start else { return Judgement(verdict: .none, reason: "never committed here, where nothing lies") }
    // It is unknown whether an assigned member reads it, and from which offset.
    return Judgement(
      verdict: evidence.hasMembers == true ? .unknown : .none,
      reason: "never committed here, where \(number(end - start)) messages lie")
  }

  private func left(_ evidence: PartitionEvidence) -> Judgement {
    Judgement(verdict: .none, reason: "no member reads it any more; \(waiting(evidence))")
  }

  /// The unread messages are not readable yet.
  private func blocked(_ transaction: (age: Known<Duration>, isLong: Bool, waiting: Int64)) -> Judgement {
    let sentence = LagPhrase.transaction(transaction.age, waiting: transaction.waiting)
    return Judgement(verdict: transaction.isLong ? .blocked : .ok, reason: "all before it is read; \(sentence)")
  }

  private func memberless(_ evidence: PartitionEvidence) -> Judgement? {
    guard evidence.hasMembers == false, !evidence.isAllowed else { return nil }
    return Judgement(verdict: .empty, reason: "no members; \(waiting(evidence))")
  }

  /// The commit does not move although messages wait.
  private func standing(_ evidence: PartitionEvidence) -> Judgement? {
    guard evidence.hasMembers != false, evidence.lag.value != nil, !evidence.isAllowed,
      let behind = evidence.behindSince,
      let committed = evidence.committed
    else { return nil }
    let stood = evidence.now - (evidence.movedAt ?? evidence.firstSeen)
    guard min(stood, evidence.now - behind) >= patience(evidence) else { return nil }
    let came = evidence.arrived > 0 ? " while \(number(evidence.arrived)) messages came" : ""
    return Judgement(
      verdict: evidence.hasMembers == true ? .stalled : .stopped,
      reason: "the commit stands at \(number(committed)) for \(Quantity.age(stood))\(came); \(waiting(evidence))")
  }

  /// How long a commit may be unchanged: a group that commits every minute is not stalled after half a minute.
  private func patience(_ evidence: PartitionEvidence) -> Duration {
    max(rules.window, (evidence.commitGap ?? .zero) * 3) + rules.interval
  }

  private func truncated(_ evidence: PartitionEvidence) -> Judgement? {
    guard let loss = evidence.loss else { return nil }
    let age = evidence.now - loss.time
    guard age < LagRules.lossWindow else { return nil }
    let since = age > .zero ? " (until \(Quantity.age(age)) ago)" : ""
    return Judgement(
      verdict: .truncated,
      reason:
        "\(lost(loss)): it had committed \(number(loss.committed)), the log started at \(number(loss.start))\(since)")
  }

  /// Appends the loss of messages to a worse verdict.
  private func withLoss(_ judgement: Judgement, _ evidence: PartitionEvidence) -> Judgement {
    guard judgement.verdict > .truncated, truncated(evidence) != nil, let loss = evidence.loss else { return judgement }
    return Judgement(verdict: judgement.verdict, reason: "\(judgement.reason); \(lost(loss))")
  }

  private func lost(_ loss: PartitionEvidence.Loss) -> String {
    "\(number(loss.start - loss.committed)) messages were deleted before it read them"
  }

  private func recreated(_ evidence: PartitionEvidence) -> Judgement? {
    guard let committed = evidence.committed, let end = evidence.end else { return nil }
    if let recreated = evidence.recreated, committed > end || evidence.movedAt ?? .distantPast < recreated.time {
      let ends = recreated.end.map { ": it had ended at \(number($0)), now at \(number(end))" } ?? ""
      return Judgement(
        verdict: .recreated, reason: "the log began anew \(Quantity.age(evidence.now - recreated.time)) ago\(ends)")
    }
    guard committed > end else { return nil }
    return Judgement(
      verdict: .recreated,
      reason: "it committed \(number(committed)), but the log ends at \(number(end)): the log began anew")
  }

  /// Until the commit passes the offset from which it moved back, and for at least one window.
  private func rewound(_ evidence: PartitionEvidence) -> Judgement? {
    guard let drop = evidence.drop, let committed = evidence.committed else { return nil }
    guard committed < drop.from || evidence.now - drop.time < rules.window else { return nil }
    return Judgement(
      verdict: .rewound,
      reason: "went back by \(number(drop.from - drop.to)) messages \(Quantity.age(evidence.now - drop.time)) ago; "
        + waiting(evidence))
  }

  /// Unread messages younger than this are not a backlog, regardless of their number.
  private static let young = Duration.seconds(3)

  private func growing(_ evidence: PartitionEvidence) -> Judgement? {
    guard !evidence.isAllowed, let rate = evidence.rateIn, rate > 0,
      evidence.lagTime.known.holds(.atMost, Self.young) != true
    else { return nil }
    guard let growth = evidence.growth, growth.to - growth.from >= Self.noise(rate) else { return nil }
    let slope = evidence.slope.map { $0 > 0 ? " by \(Quantity.rate($0))" : "" } ?? ""
    return Judgement(
      verdict: .warning,
      reason:
        "lag grows\(slope): commits left \(number(growth.from)) behind, now \(number(growth.to)); \(waiting(evidence))"
    )
  }

  /// The messages of half a second do not count as growth, nor do two messages.
  private static func noise(_ rate: Double) -> Int64 { max(3, Int64(min(rate / 2, 1e15).rounded(.up))) }

  private func fine(_ evidence: PartitionEvidence) -> Judgement {
    guard let lag = evidence.lag.value else {
      return Judgement(verdict: .unknown, reason: "its lag is not known: \(evidence.lag.reason)")
    }
    guard lag > 0 else { return Judgement(verdict: .ok, reason: "everything is read") }
    let isYoung = evidence.lagTime.known.holds(.atMost, patience(evidence)) == true
    if evidence.isAllowed || evidence.movedAt != nil || isYoung {
      return Judgement(verdict: .ok, reason: waiting(evidence))
    }
    let seen = Quantity.age(evidence.now - evidence.firstSeen)
    return Judgement(
      verdict: .unknown, reason: "\(waiting(evidence)); its commit did not move in the \(seen) seen so far")
  }

  /// "214 unread, the oldest 4m10s".
  private func waiting(_ evidence: PartitionEvidence) -> String {
    LagPhrase.waiting(evidence.lag, evidence.lagTime)
  }

  private func number(_ value: Int64) -> String { Quantity.grouped(Int(value)) }
}
