import Collectors
import Configuration
import Core
import Reports
import Text

/// Findings about messages that the system definition does not cover, and about parts of the definition that no message matched.
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
          Self.area, .warning, "event types of sagas without a rule: \(Self.list(names, of: ofSagas.count))",
          advice: "add a rule under `events` of the saga, or `{}` if the event changes nothing"))
    }
    if !others.isEmpty {
      let names = others.prefix(Self.mostNamed).map { "\($0.name) (\($0.count))" }
      findings.append(
        Finding(Self.area, .note, "event types that belong to no saga: \(Self.list(names, of: others.count))"))
    }
    return findings
  }

  private var unmatched: [Finding] {
    let advice = { (topic: String) in "`sagatop doctor --topic \(topic)` explains how its latest message is decoded" }
    let rows = coverage.unmatched.prefix(Self.mostNamed).map { row in
      row.isTypeKnown
        ? Finding(
          Self.area, .warning, "topic \(row.topic): \(row.count) messages have a known type but no id",
          advice: advice(row.topic))
        : Finding(
          Self.area, .note, "topic \(row.topic): \(row.count) messages belong to no saga: no rule has their type",
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
        "rules whose type did not occur: \(Self.list(Array(names.prefix(Self.mostNamed)), of: names.count))")
    ]
  }

  private static func list(_ names: [String], of count: Int) -> String {
    names.joined(separator: ", ") + (count > names.count ? " and \(count - names.count) more" : "")
  }
}

/// Findings about field sources of the definition that match no message.
struct TallyFindings {
  /// Number of latest messages that are examined.
  static let most = 5000
  private static let area = "sources"

  let tally: SourceTally
  /// A shipped preset covers several systems, so a missing field is not an error.
  private let isShipped: Bool

  init(_ settings: Settings, _ store: Store, now: Timestamp) {
    let rows = store.events(EventQuery(limit: Self.most), now: now).rows
    let messages = rows.compactMap { row in store.message(row.message).map { ($0, row.topic, row.time) } }
    self.init(
      SourceTally(messages, of: settings.system, readAt: now), isShipped: Presets.names.contains(settings.system.name))
  }

  init(_ tally: SourceTally, isShipped: Bool = false) { (self.tally, self.isShipped) = (tally, isShipped) }

  var findings: [Finding] {
    guard tally.messages > 0 else { return [] }
    let fields = tally.fields.flatMap(findings)
    let times = tally.timeNotes.map { Finding(Self.area, .warning, $0) }
    let isWell = fields.isEmpty && times.isEmpty
    let sum = "each field source matches in the latest \(tally.messages) messages"
    return isWell ? [Finding(Self.area, .ok, sum)] : times + fields
  }

  private func findings(_ field: SourceTally.Field) -> [Finding] {
    let name = field.saga.map { "\(field.name) of saga \($0)" } ?? field.name
    let silent = field.sources.filter { $0.found == 0 }.map { "`\(FieldSourceText.text($0.source))`" }
    guard !silent.isEmpty else { return [] }
    let looked = "in \(field.messages) \(field.name == "error" ? "messages of failures" : "messages")"
    if field.found > 0 {
      return [Finding(Self.area, .note, "\(name): no value at \(silent.joined(separator: ", ")) \(looked)")]
    }
    let text = "\(name): no value \(looked) at any of \(silent.joined(separator: ", "))"
    return [Finding(Self.area, state(of: field), text, advice: Self.advice(field))]
  }

  /// If a saga has several ids, it is enough that messages contain one.
  private func state(of field: SourceTally.Field) -> Finding.State {
    guard let saga = field.saga else { return isShipped ? .note : .warning }
    let isID = field.name.hasPrefix("id ")
    let hasOther = tally.fields.contains { $0.saga == saga && $0.name.hasPrefix("id ") && $0.found > 0 }
    return isID && hasOther ? .note : .warning
  }

  private static func advice(_ field: SourceTally.Field) -> String? {
    switch field.name {
    case "time": "the broker's time is used; set `fields.time` to the field of the event time"
    case "type": "the topic's name is used; set `fields.type` to the field of the type"
    case "id": "events are identified by topic, partition and offset: a message that is published twice counts twice"
    case "node": "the nodes view stays empty; remove `fields.node` if no message has it"
    case "error": "failures are shown without a reason; set `error` to its field"
    default: "`sagatop doctor --topic NAME` shows the content of a message"
    }
  }
}
