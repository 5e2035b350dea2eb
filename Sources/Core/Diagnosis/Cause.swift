/// A possible cause of a saga's state.
package struct Cause: Sendable, Equatable {
  /// The object to open for more details.
  package enum Subject: Sendable, Hashable {
    case service(String)
    case group(String)
    case lock(LockKey)
    case node(String)
  }

  package var kind: CauseKind
  /// "payment-service is down".
  package var sentence: String
  package var evidence: [Evidence]
  /// How certain it is that this blocks the saga, 0 to 100.
  package private(set) var strength: Int
  /// What a person can do; `nil` if nothing needs to be done.
  package var suggestion: String?
  package var subject: Subject?
  /// Its sentence as a consequence of another cause.
  package var effect: String
  /// It ended before the saga reached its step, so it is not a consequence of a cause that blocks the saga there.
  var isEarlier = false
  /// Its consequences, in order from this cause to the saga. They are not listed as separate causes.
  package private(set) var consequences: [Cause] = []

  package init(
    _ kind: CauseKind, _ sentence: String, _ evidence: [Evidence], strength: Int, suggestion: String? = nil,
    subject: Subject? = nil, effect: String? = nil
  ) {
    self.kind = kind
    self.sentence = sentence
    self.evidence = evidence
    self.strength = strength
    self.suggestion = suggestion
    self.subject = subject
    self.effect = effect ?? sentence
  }

  /// Its evidence is too old.
  package var isStale: Bool { evidence.contains { $0.isStale && $0.weight == .supports } }

  /// Age of its oldest observation; `nil` if it is based on events only.
  package func age(at now: Timestamp) -> Duration? { evidence.compactMap { $0.age(at: now) }.max() }

  /// The first part of the suggestion.
  package var cure: String? { suggestion?.split(separator: ";", maxSplits: 1).first.map(String.init) }

  /// Adds contradicting evidence.
  mutating func weaken(by amount: Int, _ evidence: Evidence) {
    strength = max(0, strength - amount)
    self.evidence.append(evidence)
  }

  /// Outdated evidence halves the strength.
  mutating func discount() {
    if isStale { strength /= 2 }
  }
}

/// Combines causes that follow from one another to one chain, with one root and one suggestion.
extension Cause {
  /// Minimum strength of a cause that explains others.
  private static let explaining = 60
  /// A consequence may be stronger than its cause by this amount, because it is often easier to observe.
  private static let slack = 10

  /// Only this number of the strongest causes are compared: a saga may have one for each of a thousand nodes.
  private static let mostCompared = 24

  /// The root causes with their consequences, strongest first. `all` are the causes of one saga, strongest first.
  static func chains(of all: [Cause]) -> [Cause] {
    let causes = Array(all.prefix(mostCompared))
    let explaining = causes.indices.map { place in
      causes.indices.filter { $0 != place && causes[$0].explains(causes[place]) }
    }
    let rootOf = causes.indices.map { root(of: $0, explaining) }
    let roots = causes.indices.filter { rootOf[$0] == nil }.map { place in
      var root = causes[place]
      root.consequences = told(causes.indices.filter { rootOf[$0] == place }.map { causes[$0] }, after: root)
      return root
    }
    return roots + all.dropFirst(mostCompared)
  }

  /// The root of the chain; `nil` if this cause is a root itself. Among causes that explain each other the strongest is the root.
  private static func root(of place: Int, _ explaining: [[Int]]) -> Int? {
    var reached = Set([place])
    var open = [place]
    while let next = open.popLast() {
      for cause in explaining[next] where reached.insert(cause).inserted { open.append(cause) }
    }
    let roots = reached.filter { explaining[$0].isEmpty }
    let root = (roots.isEmpty ? reached : roots).min()
    return root == place ? nil : root
  }

  private func explains(_ other: Cause) -> Bool {
    !other.isEarlier && strength >= Self.explaining && strength >= other.strength - Self.slack
      && kind.bringsAbout(other.kind)
  }

  /// In the order of the chain, without duplicates.
  private static func told(_ consequences: [Cause], after root: Cause) -> [Cause] {
    var told: [Cause] = []
    for cause in consequences.sorted(by: { $0.kind.depth < $1.kind.depth })
    where cause.effect != root.sentence && !told.contains(where: { $0.effect == cause.effect }) {
      told.append(cause)
    }
    return told
  }

  /// "payment-service is down", "group payment-service has no members": from the root on.
  package var links: [String] { [sentence] + consequences.map(\.effect) }

  /// The subjects of the cause and of its consequences.
  var subjects: [Subject] { ([self] + consequences).compactMap(\.subject) }

  /// Whether a cause of another saga is the same: the same subject, or the same sentence except for numbers and names.
  package func isSame(as other: Cause) -> Bool {
    guard kind == other.kind else { return false }
    if subject != nil || other.subject != nil { return subject == other.subject }
    return DiagnosisText.pattern(self) == DiagnosisText.pattern(other)
  }
}
