import Core
import TUI
import Text

/// What befell one saga, for a post-mortem.
package enum IncidentMarkdown {
  /// `pods` are those of the services that do the saga's steps.
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
    let more = saga.droppedEvents > 0 ? ["", "\(saga.droppedEvents) more events are not kept."] : []
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
