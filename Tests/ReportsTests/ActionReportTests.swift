import Core
import Reports
import Testing

@Suite("Actions in reports")
struct ActionReportTests {
  private static let evil = "\u{1b}]0;owned\u{7}\u{9b}31m\u{202e}abc\r\n\u{2028}\u{0}'; rm -rf / 한국어"

  private var record: ActionRecord {
    var record = ActionRecord(
      intent: "i", action: .retry, context: Self.evil, subject: Self.evil, type: Self.evil,
      operator: .init(name: Self.evil), reason: Self.evil, request: Self.evil,
      intendedAt: Timestamp(milliseconds: 1_769_508_000_123))
    record.stages.append(.init(time: record.intendedAt, outcome: .refused(status: 409, message: Self.evil)))
    return record
  }

  private func isHarmless(_ text: String) -> Bool {
    text.unicodeScalars.allSatisfy { scalar in
      switch scalar.properties.generalCategory {
      case .control: scalar == "\n"
      case .format, .lineSeparator, .paragraphSeparator, .privateUse: false
      default: true
      }
    }
  }

  @Test("texts of servers, sagas and operators cannot send commands to a terminal")
  func injection() {
    let plan = ActionPlan(
      intent: "i", action: .retry, kind: "http", context: Self.evil, reason: Self.evil,
      items: [.init(subject: .system, id: Self.evil, type: Self.evil, step: Self.evil, warning: Self.evil)],
      exclusions: [.init(id: Self.evil, reason: Self.evil)], request: [Self.evil], expectation: Self.evil,
      confirmation: .yes)
    let actions = AuditReport(path: Self.evil, records: [record], damages: [(1, Self.evil)])
    for text in [
      PlanReport(plan).planText, PlanReport(plan).json([record]), PlanReport.outcomeText(record), actions.table,
      actions.json,
      PlanReport.json(refused: ActionRefusal(.audit, Self.evil), action: .retry, context: Self.evil, missing: []),
    ] {
      #expect(isHarmless(text))
      #expect(text.contains("한국어"))
    }
  }
}
