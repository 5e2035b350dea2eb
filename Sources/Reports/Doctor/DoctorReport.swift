import TUI
import Text

/// Formats the findings of `sagatop doctor` as text and JSON.
package enum DoctorReport {
  /// Grouped by area, in the order of the checks.
  package static func text(_ findings: [Finding]) -> String {
    var text = ""
    var area: String?
    for finding in findings {
      if finding.area != area { text += "\(Sanitizer.sanitized(finding.area))\n" }
      area = finding.area
      let state = finding.state.rawValue
      let blanks = String(repeating: " ", count: max(1, 9 - state.count))
      text += "  \(state)\(blanks)\(Sanitizer.sanitized(finding.text))\n"
      if let advice = finding.advice { text += "           \(Sanitizer.sanitized(advice))\n" }
    }
    return text + "\n\(summary(findings))\n"
  }

  package static func json(_ findings: [Finding]) -> JSONValue {
    .object([
      ("schema", .string("sagatop.doctor/v1")), ("state", .string(worst(findings).rawValue)),
      (
        "findings",
        .array(
          findings.map { finding in
            .object([
              ("area", .string(finding.area)), ("state", .string(finding.state.rawValue)),
              ("text", .string(finding.text)), ("advice", JSONValue(finding.advice)),
            ])
          })
      ),
    ])
  }

  /// `failed`, `warning` or `ok`.
  package static func worst(_ findings: [Finding]) -> Finding.State {
    for state in [Finding.State.failed, .warning] where findings.contains(where: { $0.state == state }) { return state }
    return .ok
  }

  private static func summary(_ findings: [Finding]) -> String {
    let failed = findings.count { $0.state == .failed }
    let warnings = findings.count { $0.state == .warning }
    if failed + warnings == 0 { return "all well" }
    return [(failed, "failed"), (warnings, "warning\(warnings == 1 ? "" : "s")")].filter { $0.0 > 0 }
      .map { "\($0.0) \($0.1)" }.joined(separator: ", ")
  }
}

/// One result of `sagatop doctor`.
package struct Finding: Sendable, Equatable {
  package enum State: String, Sendable, CaseIterable {
    case ok
    /// Information that requires no action.
    case note
    /// It works, but with limitations.
    case warning
    case failed
  }

  /// The area, such as `kafka` or `terminal`.
  package var area: String
  package var state: State
  package var text: String
  /// How to fix it. `nil` if nothing needs to be fixed.
  package var advice: String?

  package init(_ area: String, _ state: State, _ text: String, advice: String? = nil) {
    self.area = area
    self.state = state
    self.text = text
    self.advice = advice
  }
}
