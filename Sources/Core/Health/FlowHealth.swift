import Text

/// Whether sagas make progress, and what prevents it: the first line of the overview, the check `health`, and the deployment readiness.
package struct FlowHealth: Sendable, Equatable {
  package struct Finding: Sendable, Equatable {
    package var state: CheckState
    package var sentence: String

    package init(_ state: CheckState, _ sentence: String) {
      self.state = state
      self.sentence = sentence
    }
  }

  /// The worst state of the findings; `ok` only if everything is known and nothing was found.
  package var state = CheckState.ok
  /// Worst first.
  package var findings: [Finding] = []
  /// Sagas that start and sagas that end in any way, per second over the last minute.
  package var startRate: Double?
  package var endRate: Double?
  /// Time since the last end of a saga; `nil` if a saga ended in the last minute or none ever ended.
  package var quiet: Duration?
  /// Number of stuck sagas.
  package var waiting: Known<Int64> = .unknown()
  /// The last progress of the saga that has been stuck for the longest time.
  package var since: Timestamp?
  /// Findings that only argue against a deployment.
  package var unready: [Finding] = []

  package init() {}

  package init(_ inputs: CheckInputs) {
    if let overview = inputs.overview { take(overview, now: inputs.now) }
    findings = HealthRules.all.flatMap { $0(inputs) }.enumerated().sorted {
      (Self.rank($0.element.state), $0.offset) < (Self.rank($1.element.state), $1.offset)
    }.map(\.element)
    state = CheckState.worst(findings.map(\.state))
    unready = HealthRules.unready(inputs)
  }

  private mutating func take(_ overview: OverviewView, now: Timestamp) {
    (startRate, endRate) = (overview.total.startRate, overview.total.endRate)
    waiting = overview.coverage.known(overview.total.counts.stuck)
    since = overview.stuckSince
    quiet = overview.coverage.isWhole ? HealthRules.quiet(overview.total, now: now) : nil
  }

  private static func rank(_ state: CheckState) -> Int {
    [CheckState.critical, .warning, .unknown, .ok].firstIndex(of: state) ?? 0
  }

  /// The sentence that explains the state.
  package var sentence: String {
    if let first = findings.first { return first.sentence }
    if (endRate ?? 0) > 0 { return "work flows" }
    return (startRate ?? 0) > 0 ? "work arrives, and none of it is late" : "no work arrives, and none is late"
  }

  /// Whether it is safe to deploy, as a check: no trouble, everything known, and nothing changing.
  package var readiness: Finding {
    let all = findings + unready
    let state = CheckState.worst(all.map(\.state))
    let reasons = all.prefix(3).map(\.sentence).joined(separator: "; ")
    let more = all.count > 3 ? "; and \(all.count - 3) more" : ""
    switch state {
    case .ok: return Finding(.ok, "safe to deploy: yes, \(sentence)")
    case .warning, .critical: return Finding(state, "safe to deploy: no, because \(reasons)\(more)")
    case .unknown: return Finding(.unknown, "safe to deploy: not known, because \(reasons)\(more)")
    }
  }
}

/// The summary of several states: `well` only if all are known and well.
package enum Health: Sendable, Equatable {
  case well
  /// No known trouble, but not everything is known.
  case unknown
  case trouble
}
