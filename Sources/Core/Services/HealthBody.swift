/// The health reported in the body of a service's response.
package struct HealthBody: Sendable, Equatable {
  /// A part of the service, or a service behind a gateway.
  package struct Component: Sendable, Equatable {
    /// Prefixed with the names of its parents: `db/replica`.
    package var name: String
    package var status: String
    /// `nil` if the word is unknown.
    package var meaning: HealthWords.Meaning?
    /// The error reported by the service.
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

  /// Maximum number of stored components, circuits and projections, each.
  static let mostParts = 200

  /// The word for the overall health; `nil` if the body has none.
  package var status: String?
  package var meaning: HealthWords.Meaning?
  /// The error reported by the service.
  package var detail: String?
  /// The components are separate services behind this one.
  package var isGateway = false
  package var components: [Component] = []
  package var circuits: [Circuit] = []
  package var projections: [Projection] = []
  /// Why the body does not contain the overall health; `nil` if it does.
  package var problem: String?

  package init() {}
}

/// State of a circuit breaker.
package enum CircuitState: String, Sendable, CaseIterable {
  /// Calls pass.
  case closed
  /// Disabled, or only measuring.
  case disabled
  /// Some calls pass as a test.
  case halfOpen
  /// Calls are rejected.
  case open
  /// Calls are rejected because an operator opened it.
  case forcedOpen

  /// Accepts the spellings of libraries: `HALF_OPEN`, `half_open`, `half-open`, `halfOpen`. `nil` for any other word.
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

  /// Some or all calls are rejected.
  package var isTrouble: Bool { self == .open || self == .forcedOpen || self == .halfOpen }

  /// For sentences.
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

/// The meaning of the words that services use for their health.
package struct HealthWords: Sendable, Equatable {
  package enum Meaning: String, Sendable, CaseIterable {
    case up
    case degraded
    case down
    /// The service itself does not know its health.
    case unknown
  }

  /// Configured words in lower case; they override the built-in ones.
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

  /// `nil` for an unknown word.
  package func meaning(of word: String) -> Meaning? {
    guard word.utf8.count <= 64 else { return nil }
    let key = word.lowercased()
    return own[key] ?? Self.builtIn[key]
  }

  /// The sentence for an unknown word, with the configuration line that defines it. `part` is the part of the service that reports it.
  static func unknown(_ word: String, of part: String? = nil) -> String {
    let says = part.map { "\($0) is `\(word)`" } ?? "says `\(word)`"
    return
      "\(says), which is none of the known words for health: `body: {down: [\(quoted(word))]}` (or `up`, `degraded`) defines it"
  }

  /// Quoted as required by YAML's flow style.
  private static func quoted(_ word: String) -> String {
    let isPlain = word.utf8.allSatisfy { $0 | 0x20 >= 0x61 && $0 | 0x20 <= 0x7a || $0 == UInt8(ascii: "_") }
    return isPlain ? word : "'" + word.replacing("'", with: "''") + "'"
  }
}
