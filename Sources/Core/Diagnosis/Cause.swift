/// Why a saga may be where it is.
package struct Cause: Sendable, Equatable {
  /// What a screen opens to show more of it.
  package enum Subject: Sendable, Equatable {
    case service(String)
    case group(String)
    case lock(LockKey)
  }

  package var kind: CauseKind
  /// "payment-service is down".
  package var sentence: String
  package var evidence: [Evidence]
  /// How sure it is that this keeps the saga, 0 to 100.
  package private(set) var strength: Int
  /// What a person can do; `nil` where nothing needs to be done.
  package var suggestion: String?
  package var subject: Subject?

  package init(
    _ kind: CauseKind, _ sentence: String, _ evidence: [Evidence], strength: Int, suggestion: String? = nil,
    subject: Subject? = nil
  ) {
    self.kind = kind
    self.sentence = sentence
    self.evidence = evidence
    self.strength = strength
    self.suggestion = suggestion
    self.subject = subject
  }

  /// What it rests on was looked at too long ago.
  package var isStale: Bool { evidence.contains { $0.isStale && $0.weight == .supports } }

  /// Of its oldest look; `nil` where only events tell of it.
  package func age(at now: Timestamp) -> Duration? { evidence.compactMap { $0.age(at: now) }.max() }

  /// Something speaks against it.
  mutating func weaken(by amount: Int, _ evidence: Evidence) {
    strength = max(0, strength - amount)
    self.evidence.append(evidence)
  }

  /// An old look is worth half.
  mutating func discount() {
    if isStale { strength /= 2 }
  }
}
