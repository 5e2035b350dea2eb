import Testing

@testable import Core

@Suite("Verdicts on locks")
struct LockVerdictTests {
  struct Case: CustomTestStringConvertible, Sendable {
    var why: String
    var evidence: LockJudge.Evidence
    var verdict: LockVerdict
    var says: String

    var testDescription: String { why }
  }

  private static func evidence(
    age: Double, exact: Bool = true, ttl: Double?, change: (inout LockJudge.Evidence) -> Void = { _ in }
  ) -> LockJudge.Evidence {
    var evidence = LockJudge.Evidence(
      age: LockAge(.seconds(age), isExact: exact), ttl: ttl.map { .seconds($0) })
    change(&evidence)
    return evidence
  }

  private static func saga(active: Bool, quiet: Double) -> LockJudge.SagaFact {
    .init(id: "7f3a", isActive: active, quietFor: .seconds(quiet))
  }

  static let cases: [Case] = [
    Case(
      why: "a lock within its lease is held", evidence: evidence(age: 1, ttl: 2) { $0.lease = .seconds(3) },
      verdict: .held, says: "held for 1.0s, 2.0s left"),
    Case(
      why: "an age that is a bound is said to be one", evidence: evidence(age: 1, exact: false, ttl: 2),
      verdict: .held, says: "at least 1.0s"),
    Case(
      why: "less than a fifth of the lease is left",
      evidence: evidence(age: 2.5, ttl: 0.5) { $0.lease = .seconds(3) }, verdict: .expiring, says: "0.5s left of 3.0s"),
    Case(
      why: "the lease nobody named is what was seen",
      evidence: evidence(age: 25, ttl: 5) { $0.leaseEstimate = .seconds(30) }, verdict: .expiring, says: "of 30s"),
    Case(
      why: "without any lease nothing says that the end is near", evidence: evidence(age: 25, ttl: 0.1), verdict: .held,
      says: "0.1s left"),
    Case(
      why: "somebody waits", evidence: evidence(age: 1, ttl: 2) { $0.waiters = 3 }, verdict: .contended,
      says: "3 clients wait"),
    Case(
      why: "nobody waits", evidence: evidence(age: 1, ttl: 2) { $0.waiters = 0 }, verdict: .held, says: "2.0s left"),
    Case(
      why: "its saga ended and it is still held",
      evidence: evidence(age: 9, ttl: 20) { $0.saga = saga(active: false, quiet: 8) }, verdict: .orphan,
      says: "its saga 7f3a ended 8.0s ago"),
    Case(
      why: "a saga that ended a moment ago may still give it back",
      evidence: evidence(age: 9, ttl: 20) { $0.saga = saga(active: false, quiet: 1) }, verdict: .held, says: "9.0s"),
    Case(
      why: "a saga that works keeps its lock",
      evidence: evidence(age: 9, ttl: 20) { $0.saga = saga(active: true, quiet: 8) }, verdict: .held, says: "9.0s"),
    Case(
      why: "renewed beyond its lease",
      evidence: evidence(age: 10, exact: false, ttl: 2) {
        $0.lease = .seconds(3)
        $0.renewals = 4
      }, verdict: .overdue, says: "held for at least 10s, its lease is 3.0s, renewed 4 times"),
    Case(
      why: "a watchdog renews for ever where no lease was named",
      evidence: evidence(age: 100, ttl: 25) {
        $0.leaseEstimate = .seconds(30)
        $0.renewals = 9
      }, verdict: .held, says: "1m40s"),
    Case(
      why: "the token's clock may run a little behind",
      evidence: evidence(age: 3.5, ttl: 1) { $0.lease = .seconds(3) }, verdict: .held, says: "3.5s"),
    Case(
      why: "older than it may be, however often renewed",
      evidence: evidence(age: 70, ttl: 25) {
        $0.maxAge = .seconds(60)
        $0.renewals = 1
        $0.waiters = 1
      }, verdict: .overdue, says: "may be held for 1m00s, renewed once; one client waits"),
    Case(
      why: "no time to live is the worst, whatever else is true",
      evidence: evidence(age: 70, exact: false, ttl: nil) {
        $0.maxAge = .seconds(60)
        $0.waiters = 2
      }, verdict: .immortal, says: "held for at least 1m10s, and for ever if its holder died; 2 clients wait"),
    Case(
      why: "it ran out while its saga works",
      evidence: evidence(age: 60, ttl: nil) {
        $0.expired = .seconds(5)
        $0.saga = saga(active: true, quiet: 30)
      }, verdict: .lost, says: "its time ran out 5.0s ago, and its saga 7f3a still works"),
  ]

  @Test("each lock has the most severe applicable verdict and its reason", arguments: cases)
  func verdicts(_ test: Case) {
    let judgement = LockJudge.judge(test.evidence)
    #expect(judgement.verdict == test.verdict)
    #expect(judgement.reason.contains(test.says), "\(judgement.reason)")
  }
}
