import Core
import Testing
import Text

@testable import Reports

@Suite("Why and the incident report")
struct IncidentReportTests {
  private static let start = Timestamp(milliseconds: 1_769_508_000_000)
  private static let nasty = "no <b>stock</b> | `x` \u{1b}[31m; a -> b #1"

  private static func time(_ milliseconds: Int64) -> Timestamp { start + .milliseconds(milliseconds) }

  /// A compensated saga whose second step failed with an error text that contains markup.
  private static let saga: SagaView = {
    let handle = SagaHandle(slot: 0, generation: 1)
    var order = StepView(
      name: "order", status: .compensated, service: "order-service",
      attempts: [.init(startedAt: start, endedAt: time(20), hasFailed: false, node: "node-1")])
    (order.compensatedAt, order.compensationNode) = (time(500), "node-2")
    let inventory = StepView(
      name: "inventory", status: .failed, service: "inventory-service",
      attempts: [.init(startedAt: time(20), endedAt: time(320), hasFailed: true, node: "node-3", error: nasty)])
    let row = SagaRow(
      handle: handle, id: "1042", type: "order", status: .compensated, step: "inventory", startedAt: start,
      updatedAt: time(500), endedAt: time(500), progressAt: time(500), failedStep: "inventory", error: nasty,
      steps: [order, inventory])
    let events = [
      ("order-created", "starts the saga, completes order", 0, nil),
      ("inventory-failed", "fails inventory", 320, nasty),
      ("order-cancelled", "compensates order, ends compensated", 500, nil),
    ].enumerated().map { place, event in
      EventRow(
        type: event.0, time: time(Int64(event.2)), topic: event.0, partition: 0, offset: Int64(place), node: "node-1",
        meaning: event.1, error: event.3)
    }
    return SagaView(row: row, ids: [("orderId", "1042")], events: events)
  }()

  private static var diagnosis: Diagnosis {
    var situation = Situation(now: time(5_000), saga: saga)
    situation.trouble = .compensated
    situation.focus = saga.row.steps[1]
    return Diagnosis(of: situation)
  }

  private static let markdown = IncidentMarkdown.text(saga, diagnosis, context: "prod")

  @Test("the report contains events, times, causes and messages between services")
  func parts() {
    for text in [
      "# Incident: order 1042", "was compensated, because inventory failed; took 500 ms", "## Timeline", "## Why",
      "| 2026-01-27T10:00:00.320Z | +320 ms | inventory-failed | fails inventory |", "```mermaid",
      "  p0->>p1: order-created", "  p1-xp0: inventory-failed", "Note over p0,p1: compensated",
    ] {
      #expect(Self.markdown.contains(text), "\(text)\n\(Self.markdown)")
    }
  }

  @Test("facts of the trace store and of Kubernetes are included and escaped, and absent if there are none")
  func surroundings() throws {
    var call = TraceSpan(id: "b", parent: "a", service: "order-service", name: Self.nasty, start: Self.time(40))
    (call.duration, call.status, call.hasFailed, call.error) = (.milliseconds(2_100), 503, true, Self.nasty)
    let root = TraceSpan(id: "a", service: "order-service", name: "POST /orders", start: Self.time(-5))
    let found = TraceID(high: 1, low: 2)
    let other = TraceID(high: 0, low: 3)
    let traces = SagaTraces(
      ids: [found, other],
      samples: [
        .init(id: found, time: Self.time(0), outcome: .found(Trace(id: found, spans: [call, root]))),
        .init(id: other, time: Self.time(0), outcome: .missing),
      ], isOff: false)
    var pod = Pod(id: .init(namespace: "shop", name: "order-7f9"))
    (pod.service, pod.restarts, pod.phase) = ("order-service", 3, .running)
    pod.waiting = .init("CrashLoopBackOff")
    pod.termination = .init("OOMKilled", exitCode: 137, finishedAt: Self.time(0))
    let store = Store(
      SystemDefinition(name: "x", topics: [], sagas: []), context: .init(name: "x"), symbols: SymbolTable(),
      now: { Self.time(0) })
    store.accept(PodSample(time: Self.time(0), changes: [.pod(pod)]))
    let pods = try #require(store.pods(of: "order-service", now: Self.time(5_000)))
    let text = IncidentMarkdown.text(Self.saga, Self.diagnosis, context: "prod", traces: traces, pods: [pods])
    for part in [
      "## Traces", "-5.0 ms order-service: POST /orders, has not ended", "+40 ms   order-service: no <b>stock</b>",
      "took 2.1 s, HTTP 503, failed: no", "the trace store does not have it", "## Pods",
      "| order-7f9 | order-service | failing |", "OOMKilled",
    ] { #expect(text.contains(part), "\(part)\n\(text)") }
    #expect(!text.unicodeScalars.contains("\u{1b}"))
    #expect(!Self.markdown.contains("## Traces") && !Self.markdown.contains("## Pods"))
  }

  @Test("bars are at the position of their time")
  func bars() {
    let lines = TimelineText.lines(Self.saga, now: Self.time(5_000))
    #expect(lines.count == 3)
    #expect(lines[0].hasPrefix("order       ━"))
    #expect(lines[1].contains("✖") && lines[1].contains("300 ms"))
    #expect(lines[2].hasPrefix("undo order") && lines[2].contains("↩") && lines[2].contains("180 ms"))
  }

  @Test("a step with an unknown start has no duration, rather than zero")
  func unknownStart() {
    var saga = Self.saga
    saga.row.steps[0].attempts[0].startedAt = nil
    let line = TimelineText.lines(saga, now: Self.time(5_000))[0]
    #expect(line.hasSuffix(" -  node-1") && !line.contains("ms"), "\(line)")
    #expect(!IncidentSVG.text(saga, Self.diagnosis).contains(">0.0 ms"))
  }

  @Test("message texts cannot become markup in Markdown, Mermaid or SVG")
  func escaped() {
    // Every second part is inside a code fence, where markup has no effect.
    let parts = Self.markdown.split(separator: "```", omittingEmptySubsequences: false).enumerated()
      .filter { $0.offset % 2 == 0 }.map(\.element)
    #expect(parts.allSatisfy { !$0.contains("<b>") } && !Self.markdown.contains("\u{1b}"))
    #expect(Self.markdown.contains("no &lt;b&gt;stock&lt;/b&gt; \\| \\`x\\`"))
    let mermaid = SequenceDiagram(Self.saga).lines.joined()
    #expect(!mermaid.contains("<") && !mermaid.contains(";") && !mermaid.contains("#"))
    let svg = IncidentSVG.text(Self.saga, Self.diagnosis)
    #expect(!svg.contains("<b>") && !svg.contains("\u{1b}") && svg.hasSuffix("</svg>\n"))
    #expect(svg.contains("order 1042 was compensated"))
  }

  /// A compensation requested by an operator whose name contains markup.
  private static let asked: ActionRecord = {
    var action = ActionRecord(
      intent: "i", action: .compensate, context: "prod", subject: "1042", type: "order",
      operator: .init(name: "al|ce@<jump>"), reason: "`stock` is\n# gone", latency: .milliseconds(40),
      intendedAt: time(310))
    action.stages.append(.init(time: time(600), outcome: .observed(after: .milliseconds(150))))
    return action
  }()

  @Test("operators' actions are in the report and on its timeline, and cannot become markup")
  func actions() {
    var saga = Self.saga
    saga.actions = [Self.asked]
    let markdown = IncidentMarkdown.text(saga, Self.diagnosis, context: "prod")
    #expect(markdown.contains("## Actions"))
    #expect(
      markdown.contains("| +310 ms | compensate | al\\|ce@&lt;jump&gt; | ")
        && markdown.contains("| observed in 150 ms |"),
      "\(markdown)")
    #expect(!markdown.contains("\n# gone") && markdown.contains("stock"))
    let lines = TimelineText.lines(saga, now: Self.time(5_000))
    #expect(lines.map { $0.prefix(8) } == ["order   ", "inventor", "compensa", "undo ord"])
    #expect(lines[2].contains("◆") && lines[2].contains("al|ce@<jump>"))
    let svg = IncidentSVG.text(saga, Self.diagnosis)
    #expect(svg.contains(">compensate asked<") && svg.contains("al|ce@&lt;jump&gt;"))
  }

  @Test("labels of a diagram contain no Mermaid syntax")
  func mermaid() {
    for error in ["end", "a;b", "%%{init: {}}%%", "x\nNote over p0: y", "#quot;", "->>", "\u{202e}rtl", "", "🙂"] {
      var saga = Self.saga
      saga.events[1].error = error
      saga.events[1].type = error
      saga.row.steps[0].service = error
      let lines = SequenceDiagram(saga).lines
      #expect(lines[0] == "sequenceDiagram")
      for line in lines.dropFirst(2) {
        let parts = line.split(separator: ":", maxSplits: 1).map(String.init)
        #expect(
          line.hasPrefix("  participant p") || line.hasPrefix("  p") && parts.count == 2
            || line.hasPrefix("  Note over p") && parts.count == 2, "\(line)")
        let label = parts.count == 2 ? parts[1] : line.split(separator: " ").dropFirst(3).joined(separator: " ")
        #expect(!label.isEmpty && !label.contains { ";#<>{}%\n\u{202e}".contains($0) }, "\(line)")
        #expect(label != "end" && label != " end", "\(line)")
      }
    }
  }

  @Test("`why` as JSON and as text")
  func why() {
    let json = JSONWriter.write(
      WhyJSON.document(Self.diagnosis, context: "prod", isComplete: true), isPretty: false)
    #expect(json.hasPrefix(#"{"schema":"sagatop.why/v1","takenAt":"2026-01-27T10:00:05.000Z","context":"prod""#))
    #expect(json.contains(#""trouble":"compensated","step":"inventory","why":[{"cause":"inventory failed: no"#))
    #expect(json.contains(#""kind":"stepFailed","strength":90"#))
    let text = WhyText.text(Self.diagnosis)
    #expect(text.hasPrefix("order 1042 was compensated, because inventory failed"))
    #expect(text.contains("1. inventory failed:") && text.contains("try: ") && !text.contains("\u{1b}"))
  }

  @Test("a report of a time range groups equal causes and lists each saga")
  func period() {
    let total = TypeView(type: "")
    let overview = OverviewView(total: total, sagas: SagaList([Self.saga.row]))
    var snapshot = SnapshotView(
      header: HeaderView(context: "prod", now: Self.time(5_000)), isComplete: true, overview: overview)
    snapshot.diagnoses[Self.saga.row.handle] = Self.diagnosis
    let markdown = PeriodReport.markdown(Period(snapshot, since: Self.start))
    #expect(markdown.contains("1 sagas in trouble"))
    #expect(markdown.contains("| order 1042 | compensated | inventory |"))
    #expect(PeriodReport.svg(Period(snapshot, since: Self.start)).contains(">1042<"))
    let later = PeriodReport.markdown(Period(snapshot, since: Self.time(1_000)))
    #expect(later.contains("Nothing was in trouble."))
  }
}
