import Core
import Text

/// The page of a saga's traces: its steps, and below them the tree of spans with bars on the same time axis.
package struct TracePage: Page {
  private static let mostSpans = 2000

  package var document = Document()
  let handle: SagaHandle
  private let id: String
  private var read: SagaView?
  private var traces: SagaTraces?

  init(_ handle: SagaHandle, id: String) {
    self.handle = handle
    self.id = id
  }

  package var name: PageName { PageName(word: "trace", text: id, columns: 13) }
  /// The browser URL of the trace, otherwise its id.
  package var copied: String { traces?.link ?? traces?.ids.last?.text ?? id }
  package var saga: SagaPage? { SagaPage(handle, id: id) }

  package func subjects(of scope: ActionName.Scope) -> [ActionSubject] { scope == .saga ? [.saga(handle)] : [] }

  package mutating func read(_ request: ReadRequest) {
    read = request.source.saga(handle, now: request.now)
    traces = request.source.traces(of: handle, asks: true, now: request.now)
  }

  package func lines(_ context: DrawContext) -> [PageLine] {
    guard let saga = read, let traces else {
      return [PageLine(StyledLine(" \(id) is no longer kept", .dim), id: .title)]
    }
    let timeline = TimelineLines(row: saga.row, now: context.now, columns: context.columns, glyphs: context.glyphs)
    var title = StyledLine(" traces of ", .heading, .strong)
    title.add("\(saga.row.type) \(saga.row.id)", .heading, .strong)
    let spans = traces.ids.reversed().flatMap { lines(of: $0, traces, timeline.axis, context) }
    return [PageLine(title, id: .title)] + note(traces, context) + timeline.lines + spans
  }

  private func note(_ traces: SagaTraces, _ context: DrawContext) -> [PageLine] {
    if traces.ids.isEmpty {
      return [PageLine(StyledLine(" its events carry no trace id (`fields: trace` names where it is)", .warning))]
    }
    if traces.isOff {
      return [PageLine(StyledLine(" no trace store is configured: see `traces` in docs/configuration.md", .warning))]
    }
    let key = context.key(.copy).map { "  \($0) copies it" } ?? ""
    return traces.link.map { [PageLine(StyledLine(" \($0)\(key)", .dim))] } ?? []
  }

  private func lines(
    of id: TraceID, _ traces: SagaTraces, _ axis: TimeAxis, _ context: DrawContext
  ) -> [PageLine] {
    var heading = StyledLine(" trace ", .heading, .strong)
    heading.add(id.text, .heading)
    guard let sample = traces.samples.first(where: { $0.id == id }) else {
      if !traces.isOff { heading.add("  is being fetched", .dim) }
      return [PageLine(), PageLine(heading)]
    }
    switch sample.outcome {
    case .missing: heading.add("  the trace store does not have it", .warning)
    case .failed(let reason): heading.add("  \(reason)", .error)
    case .found(let trace): return found(trace, heading, axis, context)
    }
    return [PageLine(), PageLine(heading)]
  }

  private func found(_ trace: Trace, _ heading: StyledLine, _ axis: TimeAxis, _ context: DrawContext) -> [PageLine] {
    let rows = TraceTree(trace.spans).rows
    let failed = rows.count(where: \.span.hasFailed)
    var heading = heading
    heading.add("  \(rows.count) spans", .dim)
    if failed > 0 { heading.add(", \(failed) failed", .failed) }
    if trace.dropped > 0 { heading.add(", \(trace.dropped) more left out", .warning) }
    if trace.isPartial { heading.add(", the store has not all", .warning) }
    var lines = [PageLine(), PageLine(heading)]
    for (place, row) in rows.prefix(Self.mostSpans).enumerated() {
      lines += SpanLines(row: row, axis: axis, context: context).lines(
        .span(trace.id.text, place), isUnfolded: document.toggled.contains(.span(trace.id.text, place)))
    }
    if rows.count > Self.mostSpans {
      lines.append(PageLine(StyledLine("  and \(rows.count - Self.mostSpans) more spans", .dim)))
    }
    return lines
  }
}

/// One span with its service and bar; its tags if it is unfolded.
private struct SpanLines {
  private static let mostIndents = 8

  let row: TraceTree.Row
  let axis: TimeAxis
  let context: DrawContext

  private var span: TraceSpan { row.span }
  private var role: StyleRole { span.hasFailed ? .failed : span.duration == nil ? .running : .completed }

  func lines(_ id: LineID, isUnfolded: Bool) -> [PageLine] {
    let own = PageLine(line(isUnfolded), id: id, fold: isUnfolded ? .unfolded : .folded)
    return isUnfolded ? [own] + facts.map { PageLine($0, parent: id) } : [own]
  }

  private func line(_ isUnfolded: Bool) -> StyledLine {
    let glyphs = context.glyphs
    var line = StyledLine("  \(isUnfolded ? glyphs.unfolded : glyphs.folded) ", .dim)
    let indent = String(repeating: " ", count: min(row.depth, Self.mostIndents))
    line.add(
      "\(indent)\(span.service ?? Quantity.unknown)", columns: TimelineLines.nameColumns - 2, ellipsis: glyphs.ellipsis,
      span.hasFailed ? .failed : .text)
    line.add(bar)
    line.add(Quantity.latency(span.duration), columns: 7, align: .right, ellipsis: glyphs.ellipsis)
    line.add(span.name, span.hasFailed ? .error : .text)
    if let status = span.status { line.add(" \(status)", span.hasFailed ? .error : .dim) }
    if let error = span.error { line.add(": \(error)", .error) }
    if row.isOrphan { line.add("  its parent is not in the store", .dim) }
    return line
  }

  private var bar: StyledLine {
    let glyphs = context.glyphs
    let first = axis.column(of: span.start)
    let last = max(first, axis.column(of: span.end ?? span.start))
    var line = StyledLine(String(repeating: " ", count: first))
    let body = span.duration == nil ? glyphs.stepRunning : glyphs.bar
    line.add(String(repeating: String(body), count: last - first), role)
    line.add(String(span.hasFailed ? glyphs.barFailed : body), role)
    line.add(String(repeating: " ", count: axis.columns - last))
    return line
  }

  private var facts: [StyledLine] {
    var facts = [("kind", span.kind?.rawValue ?? Quantity.unknown), ("span", span.id)]
    if let remote = span.remote { facts.append(("called", remote)) }
    if span.duration == nil { facts.append(("end", "not reported")) }
    if row.shift != .zero {
      let length = row.shift < .zero ? .zero - row.shift : row.shift
      facts.append(("clock", "moved by \(Quantity.latency(length)) \(row.shift < .zero ? "back" : "ahead")"))
    }
    return (facts + span.tags.map { ($0.name, $0.value) }).map { name, value in
      var line = StyledLine("      \(name) ", .dim)
      line.add(value)
      return line
    }
  }
}
