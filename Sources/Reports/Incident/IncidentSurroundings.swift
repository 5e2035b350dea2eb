import Core
import TUI
import Text

/// The traces and pods related to one saga, for a post-mortem.
struct IncidentSurroundings {
  private static let mostSpans = 200
  private static let mostPods = 50

  let saga: SagaView
  let now: Timestamp

  func lines(_ traces: SagaTraces?, _ pods: [ServicePods]) -> [String] {
    let parts = [self.traces(traces), self.pods(pods)].filter { !$0.isEmpty }
    return Array(parts.joined(separator: [""]))
  }

  private func traces(_ traces: SagaTraces?) -> [String] {
    guard let traces, !traces.isOff, !traces.samples.isEmpty else { return [] }
    return ["## Traces"]
      + traces.samples.flatMap { sample -> [String] in
        let name = "Trace \(Markdown.text(sample.id.text))"
        switch sample.outcome {
        case .missing: return ["", "\(name): the trace store does not have it."]
        case .failed(let reason): return ["", "\(name): not known, because \(Markdown.text(reason))."]
        case .found(let trace): return ["", "\(name):", ""] + Markdown.fenced("text", tree(trace))
        }
      }
  }

  /// One line for each span: its start, its place in the tree, its duration, and its error.
  private func tree(_ trace: Trace) -> [String] {
    let rows = TraceTree(trace.spans).rows
    let more = rows.count - Self.mostSpans + trace.dropped
    return rows.prefix(Self.mostSpans).map { row in
      let span = row.span
      let after = span.start - saga.row.startedAt
      let start = after < .zero ? "-\(Quantity.latency(.zero - after))" : "+\(Quantity.latency(after))"
      let name = [span.service, span.name].compactMap { $0 }.joined(separator: ": ")
      let took = span.duration.map { "took \(Quantity.latency($0))" } ?? "has not ended"
      let status = span.status.map { "HTTP \($0)" }
      let failure = span.hasFailed ? "failed" + (span.error.map { ": \($0)" } ?? "") : nil
      let indent = String(repeating: "  ", count: row.depth)
      return "\(start) \(indent)"
        + Sanitizer.sanitized([name, took, status, failure].compactMap { $0 }.joined(separator: ", "))
    } + (more > 0 ? ["and \(more) more spans"] : [])
  }

  private func pods(_ pods: [ServicePods]) -> [String] {
    let views = pods.flatMap(\.pods)
    guard !views.isEmpty else { return [] }
    let rows = views.prefix(Self.mostPods).map { view in
      [
        Markdown.text(view.pod.id.name), Markdown.text(view.pod.service ?? Quantity.unknown), view.state.rawValue,
        Markdown.text(view.pod.version ?? Quantity.unknown), "\(view.pod.restarts)",
        Markdown.text(view.pod.node ?? Quantity.unknown), Markdown.text(view.trouble.map { "it \($0)" } ?? ""),
      ]
    }
    let more = views.count > Self.mostPods ? ["", "\(views.count - Self.mostPods) more pods are left out."] : []
    return ["## Pods", ""]
      + Markdown.table(["pod", "service", "state", "version", "restarts", "node", "trouble"], rows) + more
  }
}

/// A period of a saga's timeline: one attempt at a step, or its compensation.
struct SagaSpan: Equatable {
  enum Outcome: String {
    case done
    case failed
    case running
    case undone
    case notUndone
    /// An operator's action.
    case asked
  }

  var name: String
  var outcome: Outcome
  var start: Timestamp
  /// The time of the report if the span has not ended.
  var end: Timestamp
  var node: String?
  var error: String?
  /// Whether start and end are both known. If not, the span is drawn at the known one.
  var isMeasured = true

  /// `nil` if it is not known.
  var duration: Duration? { isMeasured ? max(.zero, end - start) : nil }

  /// All spans of a saga: the steps in their order, then the compensations in the order of their execution. An operator's action is
  /// placed before the first span that started after it.
  static func all(of saga: SagaView, now: Timestamp) -> [SagaSpan] {
    var spans = forward(saga.row, now: now) + backward(saga.row, now: now)
    for action in saga.actions.map(asked) {
      spans.insert(action, at: spans.firstIndex { $0.start > action.start } ?? spans.endIndex)
    }
    return spans
  }

  private static func asked(_ action: ActionRecord) -> SagaSpan {
    SagaSpan(
      name: "\(action.action.rawValue) asked", outcome: .asked, start: action.intendedAt,
      end: action.intendedAt + (action.latency ?? .zero), node: action.operator.name, error: nil,
      isMeasured: action.latency != nil)
  }

  private static func forward(_ row: SagaRow, now: Timestamp) -> [SagaSpan] {
    row.steps.flatMap { step in
      step.attempts.enumerated().map { number, attempt in
        let end = attempt.endedAt ?? now
        return SagaSpan(
          name: number == 0 ? step.name : "\(step.name), attempt \(number + 1)",
          outcome: attempt.hasFailed ? .failed : attempt.endedAt == nil ? .running : .done,
          start: min(attempt.startedAt ?? end, end), end: end, node: attempt.node, error: attempt.error,
          isMeasured: attempt.startedAt != nil)
      }
    }
  }

  private static func backward(_ row: SagaRow, now: Timestamp) -> [SagaSpan] {
    var from = row.steps.first { $0.name == row.failedStep }?.endedAt ?? row.progressAt ?? row.startedAt
    let undone = row.steps.filter { $0.compensatedAt != nil }.sorted {
      ($0.compensatedAt ?? now) < ($1.compensatedAt ?? now)
    }
    var spans: [SagaSpan] = []
    for step in undone {
      let end = step.compensatedAt ?? now
      spans.append(
        SagaSpan(
          name: "undo \(step.name)", outcome: step.status == .compensationFailed ? .notUndone : .undone,
          start: min(from, end), end: end, node: step.compensationNode, error: step.compensationError))
      from = end
    }
    let owed = row.steps.reversed().filter { $0.status == .compensating && $0.compensatedAt == nil }
    return spans
      + owed.map { SagaSpan(name: "undo \($0.name)", outcome: .running, start: min(from, now), end: now) }
  }
}
