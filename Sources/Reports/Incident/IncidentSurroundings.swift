import Core
import TUI
import Text

/// What a trace store and Kubernetes tell around one saga, for a post-mortem.
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

  /// One line for each span: when it began, its place in the tree, how long it took, and what went wrong.
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
