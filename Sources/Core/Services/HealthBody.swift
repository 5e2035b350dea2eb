/// The health that a service reports in the body of its answer.
package struct HealthBody: Sendable, Equatable {
  /// A part of the service, or a service behind a gateway.
  package struct Component: Sendable, Equatable {
    /// With the names of its parents: `db/replica`.
    package var name: String
    package var status: String
    /// `nil` when the word is not known.
    package var meaning: HealthWords.Meaning?
    /// What the service says is wrong with it.
    package var detail: String?

    package init(_ name: String, _ status: String, _ meaning: HealthWords.Meaning?, detail: String? = nil) {
      self.name = name
      self.status = status
      self.meaning = meaning
      self.detail = detail
    }
  }

  package struct Circuit: Sendable, Equatable {
    package var name: String
    package var state: CircuitState
    /// Shares, 0 to 1; `nil` before there are enough calls.
    package var failureRate: Double?
    package var threshold: Double?
    package var failureCount: Int?
    package var retryAfter: Duration?

    package init(
      _ name: String, _ state: CircuitState, failureRate: Double? = nil, threshold: Double? = nil,
      failureCount: Int? = nil, retryAfter: Duration? = nil
    ) {
      self.name = name
      self.state = state
      self.failureRate = failureRate
      self.threshold = threshold
      self.failureCount = failureCount
      self.retryAfter = retryAfter
    }
  }

  /// A read model that is derived from events.
  package struct Projection: Sendable, Equatable {
    package var name: String
    package var status: String
    package var updatedAt: Timestamp?

    package init(_ name: String, _ status: String, updatedAt: Timestamp? = nil) {
      self.name = name
      self.status = status
      self.updatedAt = updatedAt
    }
  }

  /// Limit of the components, circuits and projections that are kept, each.
  static let mostParts = 200

  /// The word for the whole; `nil` where the body has none.
  package var status: String?
  package var meaning: HealthWords.Meaning?
  /// What the service says is wrong.
  package var detail: String?
  /// The components are services of their own, behind this one.
  package var isGateway = false
  package var components: [Component] = []
  package var circuits: [Circuit] = []
  package var projections: [Projection] = []
  /// Why the body does not tell the health of the whole; `nil` where it does.
  package var problem: String?

  package init() {}
}

/// State of a circuit breaker.
package enum CircuitState: String, Sendable, CaseIterable {
  /// Calls pass.
  case closed
  /// Disabled, or only measuring.
  case disabled
  /// A few calls pass, to try.
  case halfOpen
  /// Calls are refused.
  case open
  /// Calls are refused because an operator opened it.
  case forcedOpen

  /// As libraries spell it: `HALF_OPEN`, `half_open`, `half-open`, `halfOpen`. `nil` for any other word.
  package init?(word: String) {
    guard word.utf8.count <= 16 else { return nil }
    switch word.lowercased().filter({ $0 != "_" && $0 != "-" && $0 != " " }) {
    case "closed": self = .closed
    case "open", "opened": self = .open
    case "halfopen", "halfopened": self = .halfOpen
    case "forcedopen": self = .forcedOpen
    case "disabled", "metricsonly": self = .disabled
    default: return nil
    }
  }

  /// Some or all calls are refused.
  package var isTrouble: Bool { self == .open || self == .forcedOpen || self == .halfOpen }

  /// As part of a sentence.
  package var phrase: String {
    switch self {
    case .closed: "closed"
    case .disabled: "disabled"
    case .halfOpen: "half open"
    case .open: "open"
    case .forcedOpen: "forced open"
    }
  }
}

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
