import Core
import TUI
import Text

/// A report about many sagas, as Markdown or SVG.
package enum PeriodReport {
  private static let mostListed = 200
  private static let mostCauses = 20
  private static let mostBars = 60

  package static func markdown(_ period: Period) -> String {
    let lines =
      ["# Incident report", "", summary(period), "", "## Causes", ""] + causes(period) + ["", "## Sagas", ""]
      + sagas(period) + actions(period)
    return lines.joined(separator: "\n") + "\n"
  }

  private static func summary(_ period: Period) -> String {
    let counts = period.total.counts
    return "From \(period.since.iso8601) to \(period.now.iso8601) in \(Markdown.text(period.context)): "
      + "\(period.rows.count) sagas in trouble; \(counts.completed) completed, \(counts.compensated) rolled back, "
      + "\(counts.compensating) being rolled back, \(counts.failed) failed, \(counts.stuck) stuck."
  }

  private static func causes(_ period: Period) -> [String] {
    let rows = period.causes.prefix(mostCauses).map { ["\($0.count)", Markdown.text($0.sentence)] }
    return rows.isEmpty ? ["Nothing was in trouble."] : Markdown.table(["sagas", "first cause"], rows)
  }

  private static func sagas(_ period: Period) -> [String] {
    let rows = period.rows.prefix(mostListed).map { row in
      [
        Markdown.text("\(row.type) \(row.id)"), ([row.status.name] + row.flags.names).joined(separator: ", "),
        Markdown.text(row.step ?? Quantity.unknown), row.startedAt.iso8601,
        Quantity.latency((row.endedAt ?? period.now) - row.startedAt),
        Markdown.text(period.diagnoses[row.handle]?.causes.first?.sentence ?? Quantity.unknown),
      ]
    }
    let more = period.rows.count - rows.count
    return Markdown.table(["saga", "status", "step", "started", "took", "first cause"], rows)
      + (more > 0 ? ["", "\(more) more are not listed."] : [])
  }

  private static func actions(_ period: Period) -> [String] {
    let rows = period.actions.prefix(mostListed).map { action in
      [
        action.intendedAt.iso8601, action.action.rawValue,
        Markdown.text([action.type, action.subject].filter { !$0.isEmpty }.joined(separator: " ")),
        Markdown.text(action.operator.name), Markdown.text(action.reason), IncidentMarkdown.outcome(action),
      ]
    }
    guard !rows.isEmpty else { return [] }
    let more = period.actions.count - rows.count
    return ["", "## Actions", ""] + Markdown.table(["time", "action", "on", "by", "reason", "outcome"], rows)
      + (more > 0 ? ["", "\(more) more are not listed."] : [])
  }

  /// One bar per saga from its start to its end, the earliest first.
  package static func svg(_ period: Period) -> String {
    let rows = period.rows.sorted { $0.startedAt < $1.startedAt }.prefix(mostBars)
    let start = rows.map(\.startedAt).min() ?? period.since
    let end = max(rows.map { $0.endedAt ?? period.now }.max() ?? period.now, start + .milliseconds(1))
    let axis = TimeAxis(start: start, end: end, columns: 560)
    var svg = SVGDocument(width: 1000, height: 96 + rows.count * 18)
    svg.text("\(period.rows.count) sagas in trouble", x: 20, y: 34, size: 18, isBold: true)
    svg.text("\(start.iso8601) to \(end.iso8601)", x: 20, y: 56, size: 12, color: SVGDocument.dim)
    for (place, row) in rows.enumerated() {
      let (y, first) = (76 + place * 18, axis.column(of: row.startedAt))
      let last = max(first + 3, axis.column(of: row.endedAt ?? period.now))
      svg.text(Truncation.middle(row.id, columns: 16, ellipsis: "…"), x: 20, y: y + 11, size: 11)
      svg.bar(x: 140 + first, y: y + 2, width: last - first, height: 11, color: color(row))
      let cause = period.diagnoses[row.handle]?.causes.first?.sentence ?? ""
      svg.text(
        Truncation.middle(cause, columns: 43, ellipsis: "…"), x: 716, y: y + 11, size: 11, color: SVGDocument.dim)
    }
    return svg.text
  }

  private static func color(_ row: SagaRow) -> String {
    switch row.status {
    case .failed: IncidentSVG.color(.failed)
    case .running: row.flags.contains(.stuck) ? IncidentSVG.color(.failed) : IncidentSVG.color(.running)
    case .compensating, .compensated: IncidentSVG.color(.undone)
    case .completed, .declined, .ended: IncidentSVG.color(.done)
    }
  }
}

/// All sagas that were in trouble in a period.
package struct Period: Sendable {
  package var since: Timestamp
  package var now: Timestamp
  package var context: String
  package var total: TypeView
  /// The worst first.
  package var rows: [SagaRow]
  package var diagnoses: [SagaHandle: Diagnosis]
  /// Operators' actions, the latest first.
  package var actions: [ActionRecord]

  /// Selects from a snapshot the diagnosed sagas that were updated since then. `actions` may be of any time and context.
  package init(_ snapshot: SnapshotView, actions: [ActionRecord] = [], since: Timestamp) {
    self.since = since
    now = snapshot.header.now
    context = snapshot.header.context
    total = snapshot.overview.total
    diagnoses = snapshot.diagnoses
    rows = snapshot.overview.sagas.rows.compactMap { snapshot.diagnoses[$0.handle]?.saga }
      .filter { $0.updatedAt >= since }
    self.actions = actions.filter { [context] in $0.context == context && $0.intendedAt >= since }
  }

  /// How often each cause was the main cause, the most frequent first.
  var causes: [(sentence: String, count: Int)] {
    var counts: [String: Int] = [:]
    for row in rows {
      if let cause = diagnoses[row.handle]?.causes.first { counts[DiagnosisText.pattern(cause), default: 0] += 1 }
    }
    return counts.map { (sentence: $0.key, count: $0.value) }.sorted {
      ($1.count, $0.sentence) < ($0.count, $1.sentence)
    }
  }
}
