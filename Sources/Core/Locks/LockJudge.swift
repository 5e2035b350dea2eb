import Text

/// What a lock's state means. Each verdict comes with the sentence that decided it.
struct LockJudge {
  /// The saga that a lock belongs to.
  struct SagaFact {
    var id: String
    var isActive: Bool
    /// Since it ended, or since it last moved.
    var quietFor: Duration
  }

  struct Evidence {
    var age: LockAge
    /// Time left now; `nil` when it has no end.
    var ttl: Duration?
    var lease: Duration?
    /// What the lease seems to be, where nobody said.
    var leaseEstimate: Duration?
    var maxAge: Duration?
    var renewals = 0
    var waiters: Int?
    var saga: SagaFact?
    /// Since its time ran out, where it is not there any more.
    var expired: Duration?
  }

  struct Judgement: Equatable {
    var verdict: LockVerdict
    var reason: String
  }

  /// Clocks that write tokens may differ from ours by so much before a lock is called overdue.
  private static let clockTolerance = Duration.seconds(1)
  /// A saga's last event may be on its way while its lock is given back.
  private static let orphanGrace = Duration.seconds(2)

  /// The gravest that applies.
  static func judge(_ evidence: Evidence) -> Judgement {
    if let expired = evidence.expired { return lost(evidence, expired) }
    return immortal(evidence) ?? overdue(evidence) ?? orphan(evidence) ?? contended(evidence) ?? expiring(evidence)
      ?? Judgement(verdict: .held, reason: "held for \(evidence.age.phrase), \(left(evidence))")
  }

  private static func immortal(_ evidence: Evidence) -> Judgement? {
    guard evidence.ttl == nil else { return nil }
    return Judgement(
      verdict: .immortal,
      reason: "no time to live: held for \(evidence.age.phrase), and for ever if its holder died\(waiting(evidence))")
  }

  private static func overdue(_ evidence: Evidence) -> Judgement? {
    let age = evidence.age
    if let maxAge = evidence.maxAge, age.duration > maxAge {
      return Judgement(
        verdict: .overdue,
        reason:
          "held for \(age.phrase), may be held for \(Quantity.age(maxAge))\(renewed(evidence))\(waiting(evidence))")
    }
    let tolerance = evidence.renewals > 0 || !age.isExact ? Duration.zero : clockTolerance
    guard let lease = evidence.lease, age.duration > lease + tolerance else { return nil }
    return Judgement(
      verdict: .overdue,
      reason: "held for \(age.phrase), its lease is \(Quantity.age(lease))\(renewed(evidence))\(waiting(evidence))")
  }

  private static func orphan(_ evidence: Evidence) -> Judgement? {
    guard let saga = evidence.saga, !saga.isActive, saga.quietFor > orphanGrace else { return nil }
    return Judgement(
      verdict: .orphan,
      reason: "its saga \(saga.id) ended \(Quantity.age(saga.quietFor)) ago, \(left(evidence))\(waiting(evidence))")
  }

  private static func contended(_ evidence: Evidence) -> Judgement? {
    guard let waiters = evidence.waiters, waiters > 0 else { return nil }
    return Judgement(
      verdict: .contended,
      reason: "held for \(evidence.age.phrase), \(left(evidence))\(waiting(evidence))")
  }

  private static func expiring(_ evidence: Evidence) -> Judgement? {
    guard let ttl = evidence.ttl, let lease = evidence.lease ?? evidence.leaseEstimate, ttl * 5 < lease else {
      return nil
    }
    return Judgement(
      verdict: .expiring, reason: "\(left(evidence)) of \(Quantity.age(lease)), held for \(evidence.age.phrase)")
  }

  private static func lost(_ evidence: Evidence, _ expired: Duration) -> Judgement {
    let saga = evidence.saga.map { "its saga \($0.id) still works" } ?? "its saga is not known"
    return Judgement(verdict: .lost, reason: "its time ran out \(Quantity.age(expired)) ago, and \(saga)")
  }

  private static func left(_ evidence: Evidence) -> String {
    evidence.ttl.map { "\(Quantity.age($0)) left" } ?? "no end"
  }

  private static func renewed(_ evidence: Evidence) -> String {
    switch evidence.renewals {
    case 0: ""
    case 1: ", renewed once"
    default: ", renewed \(evidence.renewals) times"
    }
  }

  private static func waiting(_ evidence: Evidence) -> String {
    guard let waiters = evidence.waiters, waiters > 0 else { return "" }
    return waiters == 1 ? "; one client waits" : "; \(waiters) clients wait"
  }
}
