import Text

/// Judges one partition of one consumer group. Each rule looks at the evidence by itself; of those that find something the gravest counts.
///
/// The rules are Burrow's (its wiki, "Consumer Lag Evaluation Rules") with its known defects mended: it calls a group fine whose lag
/// fell only once while it grew, judges on too little, forgets a rewind as soon as the next commit goes forward, and takes a group that
/// commits the same offset again and again to be alive.
struct PartitionJudge {
  struct Judgement: Equatable, Sendable {
    var verdict: LagVerdict
    var reason: String
  }

  let rules: LagRules

  func judge(_ evidence: PartitionEvidence) -> Judgement {
    guard let committed = evidence.committed else { return neverCommitted(evidence) }
    guard evidence.end != nil else {
      return Judgement(verdict: .unknown, reason: "committed \(number(committed)), but the log end offset is not known")
    }
    let found = [
      memberless(evidence), standing(evidence), truncated(evidence), recreated(evidence), rewound(evidence),
      growing(evidence),
    ]
    return found.compactMap(\.self).max { $0.verdict < $1.verdict } ?? fine(evidence)
  }

  private func neverCommitted(_ evidence: PartitionEvidence) -> Judgement {
    guard let start = evidence.start, let end = evidence.end else {
      return Judgement(verdict: .unknown, reason: "never committed here, and what lies here was not read")
    }
    guard end > start else { return Judgement(verdict: .none, reason: "never committed here, where nothing lies") }
    // Whether who is assigned it reads it, and from where, nobody can tell.
    return Judgement(
      verdict: evidence.hasMembers == true ? .unknown : .none,
      reason: "never committed here, where \(number(end - start)) messages lie")
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
    let stands = "the commit stands at \(number(committed)) for \(Quantity.age(stood))"
    if evidence.hasMembers == true, evidence.arrived > 0 {
      return Judgement(
        verdict: .stalled, reason: "\(stands) while \(number(evidence.arrived)) messages came; \(waiting(evidence))")
    }
    return Judgement(verdict: .stopped, reason: "\(stands); \(waiting(evidence))")
  }

  /// How long a commit may stand: a group that commits every minute is not dead after half of one.
  private func patience(_ evidence: PartitionEvidence) -> Duration {
    max(rules.window, (evidence.commitGap ?? .zero) * 3) + rules.interval
  }

  private func truncated(_ evidence: PartitionEvidence) -> Judgement? {
    guard let committed = evidence.committed, let start = evidence.start, committed < start else { return nil }
    return Judgement(
      verdict: .truncated,
      reason:
        "\(number(start - committed)) messages were deleted before it read them: it committed \(number(committed)), "
        + "the log starts at \(number(start))")
  }

  private func recreated(_ evidence: PartitionEvidence) -> Judgement? {
    guard let committed = evidence.committed, let end = evidence.end else { return nil }
    if let recreated = evidence.recreated, committed > end || evidence.movedAt ?? .distantPast < recreated.time {
      let age = Quantity.age(evidence.now - recreated.time)
      return Judgement(
        verdict: .recreated,
        reason: "the log was made anew \(age) ago: its end went back from \(number(recreated.end)) to \(number(end))")
    }
    guard committed > end else { return nil }
    return Judgement(
      verdict: .recreated,
      reason: "it committed \(number(committed)), but the log ends at \(number(end)): the log was made anew")
  }

  /// Until it is past the place from which it went back, and for one window at least.
  private func rewound(_ evidence: PartitionEvidence) -> Judgement? {
    guard let drop = evidence.drop, let committed = evidence.committed else { return nil }
    guard committed < drop.from || evidence.now - drop.time < rules.window else { return nil }
    return Judgement(
      verdict: .rewound,
      reason: "went back by \(number(drop.from - drop.to)) messages \(Quantity.age(evidence.now - drop.time)) ago; "
        + waiting(evidence))
  }

  private func growing(_ evidence: PartitionEvidence) -> Judgement? {
    guard !evidence.isAllowed, let lag = evidence.lag.value, let before = evidence.lagBefore,
      let slope = evidence.slope,
      evidence.readings >= LagWindow.minSamples, evidence.now - evidence.firstSeen >= rules.window / 3
    else { return nil }
    // Less than one message in a window is no growth, nor is what the last commit has already taken back.
    guard slope * rules.window.seconds >= 1, lag > before else { return nil }
    return Judgement(
      verdict: .warning, reason: "lag grows by \(Quantity.rate(slope)), from \(number(before)) to \(number(lag))")
  }

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
