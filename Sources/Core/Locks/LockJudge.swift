import Text

/// Judges a lock. Each verdict has a sentence with its reason.
struct LockJudge {
  /// The saga that a lock belongs to.
  struct SagaFact {
    var id: String
    var isActive: Bool
    /// Time since it ended, or since its last progress.
    var quietFor: Duration
  }

  struct Evidence {
    var age: LockAge
    /// Remaining time to live; `nil` if it does not expire.
    var ttl: Duration?
    var lease: Duration?
    /// The estimated lease if none is configured.
    var leaseEstimate: Duration?
    var maxAge: Duration?
    var renewals = 0
    var waiters: Int?
    var saga: SagaFact?
    /// Time since it expired, if it no longer exists.
    var expired: Duration?
  }

  struct Judgement: Equatable {
    var verdict: LockVerdict
    var reason: String
  }

  /// Tolerance for differing clocks of clients that write tokens, before a lock counts as overdue.
  private static let clockTolerance = Duration.seconds(1)
  /// A saga's last event may arrive while its lock is being released.
  private static let orphanGrace = Duration.seconds(2)

  /// The worst verdict that applies.
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
