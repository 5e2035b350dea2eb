/// A measure with its warning and critical thresholds.
package struct Check: Sendable {
  /// The operator's name for it, else the text of the measure.
  package var name: String
  package var measure: Measure
  package var warning: Double
  package var critical: Double
  /// The operator set thresholds. Otherwise a service is judged by its verdict.
  package var hasThresholds: Bool

  package init(_ measure: Measure, warning: Double? = nil, critical: Double? = nil, name: String? = nil) {
    self.measure = measure
    self.name = name ?? measure.text
    hasThresholds = warning != nil
    self.warning = warning ?? measure.kind.usualThresholds.warning
    self.critical = critical ?? warning ?? measure.kind.usualThresholds.critical
  }

  /// Whether services are judged by their verdicts, and health by its findings, not by thresholds of the number.
  package var isByVerdict: Bool { !hasThresholds && (measure.kind == .service || measure.kind == .health) }

  /// The thresholds that decide the state. `nil` if it is decided without.
  package var limits: (warning: Double?, critical: Double?) { isByVerdict ? (nil, nil) : (warning, critical) }

  package func result(_ readings: CheckInputs) -> CheckResult {
    let measured = measure.taken(from: readings)
    return CheckResult(check: self, measured: measured, state: state(measured, readings))
  }

  /// Whether waiting cannot change the result: the state is known, or the sources do not provide it.
  package func isDecided(by readings: CheckInputs) -> Bool {
    readings.incompleteness(of: measure.kind.subject) != nil || result(readings).state != .unknown
  }

  private func state(_ measured: Measured, _ readings: CheckInputs) -> CheckState {
    if measure.kind == .service, !hasThresholds { return verdict(measured, readings) }
    if measure.kind == .health, !hasThresholds { return FlowHealth(readings).state }
    let comparison: Comparison = measure.kind.isFalling ? .below : .atLeast
    if measured.number.holds(comparison, critical) == true { return .critical }
    return switch measured.number.holds(comparison, warning) {
    case true?: .warning
    case false?: .ok
    case nil: .unknown
    }
  }

  private func verdict(_ measured: Measured, _ readings: CheckInputs) -> CheckState {
    guard measured.number.asOf == nil else { return .unknown }
    let verdicts = (readings.services?.services ?? []).filter { measure.means($0.name) }.map(\.verdict)
    if verdicts.contains(.down) { return .critical }
    if verdicts.contains(.degraded) { return .warning }
    return verdicts.contains(.unknown) || measured.number.quality != .exact ? .unknown : .ok
  }
}

package struct CheckResult: Sendable {
  package var check: Check
  package var measured: Measured
  package var state: CheckState

  package init(check: Check, measured: Measured, state: CheckState) {
    self.check = check
    self.measured = measured
    self.state = state
  }
}

extension CheckResult: TableRow, Filterable {
  package static let columns: [Column<CheckResult>] = [
    .init("CHECK") { row, _ in .text(row.check.name) },
    .init("STATE") { row, _ in .text(row.state.name) },
    .init("VALUE", .number) { row, _ in number(row.measured.value, row.measured.number.quality) },
    .init("UNIT") { row, _ in .text(row.check.measure.unit.rawValue) },
    .init("WARNING", .number) { row, _ in number(row.check.limits.warning) },
    .init("CRITICAL", .number) { row, _ in number(row.check.limits.critical) },
    .init("DETAIL") { row, _ in .text(row.measured.detail) },
  ]

  package static let filterWords = FilterWord.words(
    of: columns, beside: [.init("id", .id, isSearched: true) { row, _ in .texts(row.check.name) }])

  /// Most values are counts.
  private static func number(_ value: Double?, _ quality: Quality = .exact) -> ColumnValue {
    guard let value, let whole = Int64(exactly: value) else { return .number(value, mark: quality.mark) }
    return .integer(whole, mark: quality.mark)
  }
}

/// The state of a check for a monitoring system; the raw value is the exit status.
package enum CheckState: Int32, Sendable, CaseIterable {
  case ok = 0
  case warning = 1
  case critical = 2
  case unknown = 3

  /// The word in JSON.
  package var name: String {
    switch self {
    case .ok: "ok"
    case .warning: "warning"
    case .critical: "critical"
    case .unknown: "unknown"
    }
  }

  /// The combined state: a known bad state outranks `unknown`.
  package static func worst(_ states: [CheckState]) -> CheckState {
    for state in [CheckState.critical, .warning, .unknown] where states.contains(state) { return state }
    return .ok
  }
}
