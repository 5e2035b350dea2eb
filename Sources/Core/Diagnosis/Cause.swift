/// Why a saga may be where it is.
package struct Cause: Sendable, Equatable {
  /// What a screen opens to show more of it.
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
  /// How sure it is that this keeps the saga, 0 to 100.
  package private(set) var strength: Int
  /// What a person can do; `nil` where nothing needs to be done.
  package var suggestion: String?
  package var subject: Subject?
  /// Its sentence where it is told as the consequence of another cause.
  package var effect: String
  /// It was over before the saga came to its step: it follows from nothing that keeps the saga there.
  var isEarlier = false
  /// What it brings about on the way to the saga, in that order. They are no causes of their own.
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

  /// What it rests on was looked at too long ago.
  package var isStale: Bool { evidence.contains { $0.isStale && $0.weight == .supports } }

  /// Of its oldest look; `nil` where only events tell of it.
  package func age(at now: Timestamp) -> Duration? { evidence.compactMap { $0.age(at: now) }.max() }

  /// What helps, in few words.
  package var cure: String? { suggestion?.split(separator: ";", maxSplits: 1).first.map(String.init) }

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

/// Causes that follow from one another are told as one chain, with one root and one cure.
extension Cause {
  /// A weaker cause explains nothing else.
  private static let explaining = 60
  /// A consequence may be this much surer than what brings it about: it is often the easier one to see.
  private static let slack = 10

  /// Weaker ones than so many are held against no other: a saga may have one for each of a thousand nodes.
  private static let mostCompared = 24

  /// Each root with its consequences, the strongest first. `all` are those of one saga, the strongest first.
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

  /// The one at the beginning of the chain; `nil` where it is a root itself. Of causes that explain each other the strongest is the root.
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

  /// In the order of the chain; what says the same as another is left out.
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

  /// Of the cause and of what follows from it.
  var subjects: [Subject] { ([self] + consequences).compactMap(\.subject) }

  /// Of another saga, the same: about the same thing, or in the same words but for numbers and names.
  package func isSame(as other: Cause) -> Bool {
    guard kind == other.kind else { return false }
    if subject != nil || other.subject != nil { return subject == other.subject }
    return DiagnosisText.pattern(self) == DiagnosisText.pattern(other)
  }
}
