/// What the words mean that services use for their health.
package struct HealthWords: Sendable, Equatable {
  package enum Meaning: String, Sendable, CaseIterable {
    case up
    case degraded
    case down
    /// The service itself does not know.
    case unknown
  }

  /// Configured words, lower case; they take precedence over the built-in ones.
  private var own: [String: Meaning] = [:]

  private static let builtIn: [String: Meaning] = {
    let words: [Meaning: [String]] = [
      .up: [
        "up", "ok", "okay", "healthy", "pass", "passing", "success", "alive", "ready", "green", "available", "serving",
        "up-to-date", "running", "true",
      ],
      .degraded: ["warn", "warning", "degraded", "partial", "yellow", "circuit_half_open", "circuit_open"],
      .down: [
        "down", "out_of_service", "fail", "failed", "failing", "unhealthy", "unreachable", "error", "critical", "red",
        "unavailable", "dead", "not_serving", "false",
      ],
      .unknown: ["unknown"],
    ]
    return Dictionary(uniqueKeysWithValues: words.flatMap { meaning, words in words.map { ($0, meaning) } })
  }()

  package init(up: [String] = [], degraded: [String] = [], down: [String] = []) {
    for (meaning, words) in [(Meaning.up, up), (.degraded, degraded), (.down, down)] {
      for word in words { own[word.lowercased()] = meaning }
    }
  }

  /// `nil` for a word that has no known meaning. A number may be an HTTP status code.
  package func meaning(of word: String) -> Meaning? {
    guard word.utf8.count <= 64 else { return nil }
    let key = word.lowercased()
    if let known = own[key] ?? Self.builtIn[key] { return known }
    switch Int(key) ?? 0 {
    case 200..<300: return .up
    case 500..<600: return .down
    default: return nil
    }
  }

  /// The sentence for a word without a meaning, with the line of configuration that would give it one. `subject` is what says the word.
  package static func unknown(_ word: String, of subject: String? = nil) -> String {
    let says = subject.map { "\($0) is \(word)" } ?? "says \(word)"
    return "\(says), a word that is not known; `body: {down: [\(quoted(word))]}` (or `up`, `degraded`) tells what it means"
  }

  /// As YAML's flow style needs it.
  private static func quoted(_ word: String) -> String {
    let isPlain = word.utf8.allSatisfy { $0 | 0x20 >= 0x61 && $0 | 0x20 <= 0x7a || $0 == UInt8(ascii: "_") }
    return isPlain ? word : "'" + word.replacing("'", with: "''") + "'"
  }
}
