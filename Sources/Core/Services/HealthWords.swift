/// What the words mean by which services tell how they are.
package struct HealthWords: Sendable, Equatable {
  package enum Meaning: String, Sendable, CaseIterable {
    case up
    case degraded
    case down
    /// The service itself does not know.
    case unknown
  }

  /// Words of the operator's choice, lower case; they stand over the built-in ones.
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

  /// `nil` for a word that is not known.
  package func meaning(of word: String) -> Meaning? {
    guard word.utf8.count <= 64 else { return nil }
    let key = word.lowercased()
    return own[key] ?? Self.builtIn[key]
  }

  /// The sentence for a word that is not known, with the line of configuration that tells what it means. `part` is the part of the service
  /// that says it.
  static func unknown(_ word: String, of part: String? = nil) -> String {
    let says = part.map { "\($0) is `\(word)`" } ?? "says `\(word)`"
    return
      "\(says), which is none of the known words for health: `body: {down: [\(quoted(word))]}` (or `up`, `degraded`) defines it"
  }

  /// As YAML's flow style needs it.
  private static func quoted(_ word: String) -> String {
    let isPlain = word.utf8.allSatisfy { $0 | 0x20 >= 0x61 && $0 | 0x20 <= 0x7a || $0 == UInt8(ascii: "_") }
    return isPlain ? word : "'" + word.replacing("'", with: "''") + "'"
  }
}
