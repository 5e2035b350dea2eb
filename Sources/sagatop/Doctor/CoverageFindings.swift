import Core
import Reports
import Text

/// What the description of a system leaves out of what was read, and what of it was never met.
struct CoverageFindings {
  private static let mostNamed = 10
  private static let area = "rules"

  let coverage: CoverageView

  var findings: [Finding] { unknownTypes + unmatched + unseen }

  private var unknownTypes: [Finding] {
    let ofSagas = coverage.unknownTypes.filter { $0.ofSagas > 0 }
    let others = coverage.unknownTypes.filter { $0.ofSagas == 0 }
    var findings: [Finding] = []
    if !ofSagas.isEmpty {
      let names = ofSagas.prefix(Self.mostNamed).map { "\($0.name) (\($0.ofSagas))" }
      findings.append(
        Finding(
          Self.area, .warning, "types of sagas' events that no rule knows: \(Self.list(names, of: ofSagas.count))",
          advice: "give them a rule under `events` of the saga, `{}` where they change nothing"))
    }
    if !others.isEmpty {
      let names = others.prefix(Self.mostNamed).map { "\($0.name) (\($0.count))" }
      findings.append(
        Finding(Self.area, .note, "types that belong to no saga: \(Self.list(names, of: others.count))"))
    }
    return findings
  }

  private var unmatched: [Finding] {
    let advice = { (topic: String) in "`sagatop doctor --topic \(topic)` shows how its latest message is read" }
    let rows = coverage.unmatched.prefix(Self.mostNamed).map { row in
      row.isTypeKnown
        ? Finding(
          Self.area, .warning, "topic \(row.topic): \(row.count) messages have a type that a rule knows, and no id",
          advice: advice(row.topic))
        : Finding(
          Self.area, .note, "topic \(row.topic): \(row.count) messages belong to no saga: no rule knows their type",
          advice: advice(row.topic))
    }
    let rest = coverage.unmatched.count - rows.count
    return rows + (rest > 0 ? [Finding(Self.area, .note, "messages of \(rest) more topics belong to no saga")] : [])
  }

  private var unseen: [Finding] {
    let names = coverage.unseenTypes.map { "\($0.type) (\($0.saga))" }
    guard !names.isEmpty else { return [] }
    return [
      Finding(
        Self.area, .note,
        "rules whose type was not seen: \(Self.list(Array(names.prefix(Self.mostNamed)), of: names.count))")
    ]
  }

  private static func list(_ names: [String], of count: Int) -> String {
    names.joined(separator: ", ") + (count > names.count ? " and \(count - names.count) more" : "")
  }
}
