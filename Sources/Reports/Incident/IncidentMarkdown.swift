import Core
import TUI
import Text

/// A Markdown report about one saga, for a post-mortem.
package enum IncidentMarkdown {
  /// `pods` are the pods of the services that execute the saga's steps.
  package static func text(
    _ saga: SagaView, _ diagnosis: Diagnosis, context: String, traces: SagaTraces? = nil, pods: [ServicePods] = []
  ) -> String {
    let parts = [
      ["# Incident: \(Markdown.text("\(saga.row.type) \(saga.row.id)"))"], summary(saga, diagnosis, context),
      timeline(saga, now: diagnosis.at), causes(diagnosis), actions(saga),
      IncidentSurroundings(saga: saga, now: diagnosis.at).lines(traces, pods), events(saga), sequence(saga),
    ]
    return parts.filter { !$0.isEmpty }.map { $0.joined(separator: "\n") }.joined(separator: "\n\n") + "\n"
  }

  private static func summary(_ saga: SagaView, _ diagnosis: Diagnosis, _ context: String) -> [String] {
    let row = saga.row
    var rows = [
      ["status", ([row.status.name] + row.flags.names).joined(separator: ", ")],
      ["started", "\(row.startedAt.iso8601)"],
      [
        "ended",
        row.endedAt.map {
          "\($0.iso8601), after \(row.isAtMost ? "at most " : "")\(Quantity.latency($0 - row.startedAt))"
        } ?? "not yet",
      ],
    ]
    for round in saga.earlier {
      let cause = [round.failedStep.map { "\($0) failed" }, round.error].compactMap { $0 }.joined(separator: ": ")
      let end = round.endedAt.map { "\(round.status.name) at \($0.iso8601)" } ?? round.status.name
      rows.append([
        "round \(round.number)", Markdown.text([end, cause].filter { !$0.isEmpty }.joined(separator: ", ")),
      ])
    }
    if let step = row.failedStep { rows.append(["failed step", Markdown.text(step)]) }
    if let error = row.error { rows.append(["error", Markdown.text(error)]) }
    for id in saga.ids.prefix(10) { rows.append([Markdown.text(id.name), Markdown.text(id.value)]) }
    rows += [["context", Markdown.text(context)], ["report of", diagnosis.at.iso8601]]
    let first = diagnosis.causes.first.map { [" First cause: **\(Markdown.text($0.sentence))**."] } ?? []
    return ["\(Markdown.text(DiagnosisText.headline(diagnosis))).\(first.joined())", ""]
      + Markdown.table(["", ""], rows)
  }

  private static func timeline(_ saga: SagaView, now: Timestamp) -> [String] {
    let lines = TimelineText.lines(saga, now: now)
    return lines.isEmpty ? [] : ["## Timeline", ""] + Markdown.fenced("text", lines)
  }

  private static func causes(_ diagnosis: Diagnosis) -> [String] {
    guard !diagnosis.causes.isEmpty else { return [] }
    var lines = ["## Why", ""]
    for (place, cause) in diagnosis.causes.enumerated() {
      lines.append("\(place + 1). **\(Markdown.text(cause.sentence))** (\(DiagnosisText.strength(cause)))")
      lines += cause.evidence.map { "   - \(Markdown.text(DiagnosisText.evidence($0, now: diagnosis.at)))" }
      if let suggestion = cause.suggestion { lines.append("   - try: \(Markdown.text(suggestion))") }
    }
    if !diagnosis.unknown.isEmpty {
      lines += ["", "Not known: \(diagnosis.unknown.map(Markdown.text).joined(separator: "; "))."]
    }
    return lines
  }

  private static func actions(_ saga: SagaView) -> [String] {
    let rows = saga.actions.map { action in
      [
        action.intendedAt.iso8601, offset(action.intendedAt - saga.row.startedAt), action.action.rawValue,
        Markdown.text(action.operator.name), Markdown.text(action.reason),
        outcome(action),
      ]
    }
    guard !rows.isEmpty else { return [] }
    return ["## Actions", ""] + Markdown.table(["time", "after", "action", "by", "reason", "outcome"], rows)
  }

  static func outcome(_ action: ActionRecord) -> String {
    Markdown.text([action.outcome.name, action.outcome.detail].compactMap { $0 }.joined(separator: " "))
  }

  private static func events(_ saga: SagaView) -> [String] {
    let rows = saga.events.map { event in
      [
        event.time.iso8601, offset(event.time - saga.row.startedAt), Markdown.text(event.type),
        Markdown.text(event.meaning), Markdown.text(event.node ?? Quantity.unknown),
        Markdown.text("\(event.topic)/\(event.partition)@\(event.offset)"), Markdown.text(event.error ?? ""),
      ]
    }
    let more = saga.droppedEvents > 0 ? ["", "\(saga.droppedEvents) more events were dropped."] : []
    return ["## Events", ""]
      + Markdown.table(["time", "after", "event", "means", "node", "place", "error"], rows) + more
  }

  private static func offset(_ distance: Duration) -> String {
    distance < .zero ? "-\(Quantity.latency(.zero - distance))" : "+\(Quantity.latency(distance))"
  }

  private static func sequence(_ saga: SagaView) -> [String] {
    let lines = SequenceDiagram(saga).lines
    return lines.isEmpty ? [] : ["## Sequence", ""] + Markdown.fenced("mermaid", lines)
  }
}

/// Escapes external text for Markdown, so that it cannot become a heading, link, tag or table cell.
enum Markdown {
  static func text(_ text: String) -> String {
    var result = ""
    for character in Sanitizer.sanitized(text) {
      switch character {
      case "|", "\\", "`", "*", "_", "[", "]", "#", "~", "$": result += "\\\(character)"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "&": result += "&amp;"
      default: result.append(character)
      }
    }
    return result
  }

  /// Cells must already be escaped.
  static func table(_ titles: [String], _ rows: [[String]]) -> [String] {
    guard !rows.isEmpty else { return [] }
    return [line(titles), line(titles.map { _ in "---" })] + rows.map(line)
  }

  /// Inside of a fence only the fence itself is markup.
  static func fenced(_ language: String, _ lines: [String]) -> [String] {
    ["```\(language)"] + lines.map { $0.replacing("```", with: "'''") } + ["```"]
  }

  private static func line(_ cells: [String]) -> String { "| " + cells.joined(separator: " | ") + " |" }
}

/// A saga's timeline drawn with characters, for output without images.
enum TimelineText {
  private static let width = 48
  private static let mostSpans = 60

  static func lines(_ saga: SagaView, now: Timestamp) -> [String] {
    let spans = SagaSpan.all(of: saga, now: now).prefix(mostSpans)
    let end = spans.map(\.end).max() ?? now
    let axis = TimeAxis(start: saga.row.startedAt, end: max(end, saga.row.startedAt + .milliseconds(1)), columns: width)
    let names = spans.map { Truncation.middle(Sanitizer.sanitized($0.name), columns: 24, ellipsis: "…") }
    let widest = names.map { TextWidth.columns(of: $0) }.max() ?? 0
    return zip(spans, names).map { span, name in
      let pad = String(repeating: " ", count: widest - TextWidth.columns(of: name))
      let tail = [span.node, span.error].compactMap { $0 }.map { Sanitizer.sanitized($0) }.joined(separator: "  ")
      let line = "\(name)\(pad)  \(bar(span, axis))  \(right(span.duration.map(Quantity.latency) ?? "-", 8))  \(tail)"
      return String(line.reversed().drop { $0 == " " }.reversed())
    }
  }

  private static func bar(_ span: SagaSpan, _ axis: TimeAxis) -> String {
    let first = min(axis.column(of: span.start), width - 1)
    let last = min(max(first, axis.column(of: span.end)), width - 1)
    let (body, cap): (Character, Character) =
      switch span.outcome {
      case .done: ("━", "━")
      case .failed: ("━", "✖")
      case .running: ("╍", "▶")
      case .undone: ("┅", "↩")
      case .notUndone: ("┅", "✖")
      case .asked: ("─", "◆")
      }
    return String(repeating: " ", count: first) + String(repeating: body, count: last - first) + String(cap)
      + String(repeating: " ", count: width - 1 - last)
  }

  private static func right(_ text: String, _ columns: Int) -> String {
    String(repeating: " ", count: max(0, columns - text.count)) + text
  }
}

/// A Mermaid sequence diagram of a saga. Each event is an arrow from its publisher to the publisher of the next event.
struct SequenceDiagram {
  private static let mostEvents = 60
  private static let longestLabel = 120

  private let saga: SagaView
  private let actors: [String]

  init(_ saga: SagaView) {
    self.saga = saga
    var actors: [String] = []
    for step in saga.row.steps where !actors.contains(step.service ?? step.name) {
      actors.append(step.service ?? step.name)
    }
    self.actors = actors
  }

  var lines: [String] {
    let events = Array(saga.events.filter { !$0.meaning.isEmpty }.prefix(Self.mostEvents))
    guard !events.isEmpty, !actors.isEmpty else { return [] }
    var lines = ["sequenceDiagram", "  autonumber"]
    lines += actors.enumerated().map { "  participant p\($0) as \(Self.label($1))" }
    for (place, event) in events.enumerated() {
      let (from, to) = (actor(of: event), place + 1 < events.count ? actor(of: events[place + 1]) : actor(of: event))
      let arrow = Self.words(of: event).contains("fails") ? "-x" : "->>"
      lines.append("  p\(from)\(arrow)p\(to): \(Self.label(event.type))")
      if let error = event.error, arrow == "-x" { lines.append("  Note over p\(from): \(Self.label(error))") }
    }
    lines.append("  Note over \(span): \(Self.label(saga.row.status.name))")
    return lines
  }

  private var span: String { actors.count > 1 ? "p0,p\(actors.count - 1)" : "p0" }

  /// Index of the service of the event's step. The first service if the event refers to no step.
  private func actor(of event: EventRow) -> Int {
    let words = Self.words(of: event)
    guard let step = saga.row.steps.first(where: { words.contains($0.name) }) else { return 0 }
    return actors.firstIndex(of: step.service ?? step.name) ?? 0
  }

  private static func words(of event: EventRow) -> Set<String> {
    Set(event.meaning.split { $0 == " " || $0 == "," }.map(String.init))
  }

  /// Mermaid interprets `;` as the end of a statement, `#` as an entity, `$$` as mathematics, and the word `end` as the end of a block.
  private static func label(_ text: String) -> String {
    let clean = Sanitizer.sanitized(text.prefix(longestLabel)).filter { !"#;<>{}\"`%".contains($0) }
      .replacing(":", with: " -").replacing("$$", with: "$ $")
    let words = clean.split(separator: " ").map { $0.lowercased() == "end" ? "(\($0))" : String($0) }
    return words.isEmpty ? "-" : words.joined(separator: " ")
  }
}
