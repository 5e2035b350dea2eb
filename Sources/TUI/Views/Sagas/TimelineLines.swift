import Core
import Text

/// The steps of a saga as bars on a time axis, one line per attempt, and the compensation below.
struct TimelineLines {
  static let nameColumns = 16
  private static let mostCalls = 3
  private static let maxSteps = 200

  let row: SagaRow
  let now: Timestamp
  let columns: Int
  let glyphs: Glyphs
  let axis: TimeAxis
  /// Calls made during a step, by index of the step.
  private var calls: [Int: [TraceCall]] = [:]
  private var look: SagaStyle { SagaStyle(glyphs: glyphs) }

  init(row: SagaRow, now: Timestamp, columns: Int, glyphs: Glyphs) {
    self.row = row
    self.now = now
    self.columns = columns
    self.glyphs = glyphs
    let width = max(8, min(100, columns - Self.nameColumns - (columns >= 100 ? 50 : columns >= 76 ? 30 : 12)))
    axis = TimeAxis(start: row.startedAt, end: Self.end(row, now: now), columns: width)
  }

  /// The axis of a running saga grows in large steps, so that its bars do not move all the time.
  private static func end(_ row: SagaRow, now: Timestamp) -> Timestamp {
    if let end = row.endedAt { return max(end, row.updatedAt) }
    let elapsed = max(now, row.updatedAt) - row.startedAt
    var span = Duration.milliseconds(100)
    var factor = 0
    while span < elapsed, span < .seconds(1_000_000_000) {
      span = span * (factor % 3 == 1 ? 2.5 : 2.0)
      factor += 1
    }
    return row.startedAt + span
  }

  /// Adds calls below the steps during which they were made: failed calls first, then the longest.
  mutating func add(_ calls: [TraceCall]) {
    let telling = calls.failures
    let sorted = calls.sorted { left, right in
      let ranks = [left, right].map { (telling.contains($0) ? 0 : 1, Duration.zero - ($0.end(at: now) - $0.start)) }
      return ranks[0] < ranks[1]
    }
    for call in sorted {
      if let step = call.step(of: row.steps, now: now) { self.calls[step, default: []].append(call) }
    }
  }

  /// "    -> user-service GET /users/42: HTTP 503 after 2.1s".
  private func callLines(_ step: Int) -> [PageLine] {
    let all = calls[step] ?? []
    var lines = all.prefix(Self.mostCalls).map { call in
      var line = StyledLine("      \(glyphs.arrow) ", .dim)
      line.add(call.callee, call.hasFailed ? .error : .text)
      line.add(" \(call.operation): ", .dim)
      line.add(call.outcome, call.hasFailed ? .error : .text)
      return PageLine(line)
    }
    if all.count > lines.count {
      lines.append(PageLine(StyledLine("        and \(all.count - lines.count) more calls", .dim)))
    }
    return lines
  }

  var lines: [PageLine] {
    let steps = Array(row.steps.prefix(Self.maxSteps).enumerated())
    var lines = [PageLine(ticks)] + steps.flatMap { forward($1, $0) + callLines($0) }
    let undone = undoneSteps(steps.map { ($0.offset, $0.element) })
    guard !undone.isEmpty else { return lines }
    lines.append(PageLine(StyledLine(" compensation", .heading, .strong)))
    var from = failedAt
    for (index, step) in undone {
      lines += backward(step, index, from: from)
      from = step.compensatedAt ?? from
    }
    return lines
  }

  private var ticks: StyledLine {
    var text = Array(repeating: Character(" "), count: axis.columns + 8)
    for tick in axis.ticks(spacing: 10) {
      let label = tick.offset == .zero ? "0" : Self.label(tick.offset)
      for (place, character) in label.enumerated() where tick.column + place < text.count {
        text[tick.column + place] = character
      }
    }
    var line = StyledLine(" steps", .heading, .strong)
    line.add(String(repeating: " ", count: Self.nameColumns - 3) + String(text), .axis)
    return line
  }

  private static func label(_ offset: Duration) -> String {
    switch offset {
    case ..<Duration.seconds(1): "\(offset.nanosecondsClamped / 1_000_000)ms"
    case ..<Duration.seconds(60):
      offset.nanosecondsClamped % 1_000_000_000 == 0
        ? "\(offset.nanosecondsClamped / 1_000_000_000)s" : "\(Quantity.decimal(offset.seconds, digits: 1))s"
    default: Quantity.age(offset)
    }
  }

  private func forward(_ step: StepView, _ index: Int) -> [PageLine] {
    guard !step.attempts.isEmpty else { return [PageLine(outline(step), id: .step(index))] }
    return step.attempts.enumerated().flatMap { number, attempt in
      var line = name(step, number: number, glyph(step, number))
      let role = role(step, attempt)
      line.add(bar(attempt, role))
      line.add(tail(attempt))
      return withError(attempt.error, line, id: number == 0 ? .step(index) : nil)
    }
  }

  private func glyph(_ step: StepView, _ number: Int) -> (Unicode.Scalar, StyleRole) {
    let attempt = step.attempts[number]
    if attempt.hasFailed { return (glyphs.failed, .failed) }
    if attempt.endedAt == nil {
      return row.flags.contains(.stuck) ? (glyphs.stuck, .stuck) : (glyphs.running, .running)
    }
    return (glyphs.completed, .completed)
  }

  private func name(_ step: StepView, number: Int, _ glyph: (Unicode.Scalar, StyleRole)) -> StyledLine {
    var line = StyledLine("  \(glyph.0) ", glyph.1)
    let text = number == 0 ? step.name : "  attempt \(number + 1)"
    line.add(text, columns: Self.nameColumns - 2, ellipsis: glyphs.ellipsis, number == 0 ? .text : .dim)
    return line
  }

  private func role(_ step: StepView, _ attempt: StepView.Attempt) -> StyleRole {
    if attempt.hasFailed { return .failed }
    if attempt.endedAt != nil { return .completed }
    return row.flags.contains(.stuck) ? .stuck : .running
  }

  private func bar(_ attempt: StepView.Attempt, _ role: StyleRole) -> StyledLine {
    let end = attempt.endedAt ?? now
    let first = axis.column(of: attempt.startedAt ?? end)
    let last = max(first, axis.column(of: end))
    var line = StyledLine(String(repeating: " ", count: first))
    let body = attempt.endedAt == nil ? glyphs.barRunning : glyphs.bar
    let cap = attempt.hasFailed ? glyphs.barFailed : attempt.endedAt == nil ? glyphs.stepRunning : body
    line.add(String(repeating: String(body), count: last - first) + String(cap), role)
    line.add(String(repeating: " ", count: axis.columns - last))
    return line
  }

  private func tail(_ attempt: StepView.Attempt) -> StyledLine {
    var line = StyledLine()
    let took = attempt.startedAt.map { (attempt.endedAt ?? now) - $0 }
    line.add(Quantity.latency(took), columns: 7, align: .right, ellipsis: glyphs.ellipsis)
    if columns >= 76 { line.add(attempt.node ?? Quantity.unknown, columns: 10, ellipsis: glyphs.ellipsis, .dim) }
    return line
  }

  /// Shows the error after the bar if it fits, otherwise below it.
  private func withError(_ error: String?, _ line: StyledLine, id: LineID?) -> [PageLine] {
    guard let error else { return [PageLine(line, id: id)] }
    var line = line
    if line.columns + TextWidth.columns(of: error) <= columns {
      line.add(error, .error)
      return [PageLine(line, id: id)]
    }
    let below = StyledLine(String(repeating: " ", count: 4) + error, .error)
    return [PageLine(line, id: id)] + below.wrapped(columns: columns, indent: 6, maxLines: 3).map { PageLine($0) }
  }

  /// A step that has not started or was never executed.
  private func outline(_ step: StepView) -> StyledLine {
    var line = name(step, number: 0, (look.glyph(step.status), .dim))
    if step.status == .skipped {
      line.add("skipped", .dim)
    } else if isBeforeWhatWasRead(step) {
      line.add("not seen", .dim)
    } else if row.status == .running {
      let first = axis.column(of: now) + 1
      line.add(String(repeating: " ", count: min(first, axis.columns - 3)))
      line.add(String(repeating: String(glyphs.barOutline), count: max(3, min(8, axis.columns - first))), .dim)
    } else {
      line.add("not reached", .dim)
    }
    return line
  }

  private func isBeforeWhatWasRead(_ step: StepView) -> Bool {
    guard row.flags.contains(.incomplete), let place = row.steps.firstIndex(of: step) else { return false }
    return row.steps[place...].contains { !$0.attempts.isEmpty }
  }

  private var failedAt: Timestamp {
    let failed = row.steps.first { $0.name == row.failedStep }?.attempts.last { $0.hasFailed }
    return failed?.endedAt ?? row.startedAt
  }

  /// In the order of their compensation, then the pending ones, the last step first.
  private func undoneSteps(_ steps: [(Int, StepView)]) -> [(Int, StepView)] {
    let open = steps.reversed().filter { $0.1.status == .compensating && $0.1.compensatedAt == nil }
    let done = steps.filter { $0.1.compensatedAt != nil }
    return done.sorted { ($0.1.compensatedAt ?? now, -$0.0) < ($1.1.compensatedAt ?? now, -$1.0) } + open
  }

  private func backward(_ step: StepView, _ index: Int, from: Timestamp) -> [PageLine] {
    let role = look.role(step.status)
    var line = name(step, number: 0, (look.glyph(step.status), role))
    let first = axis.column(of: from)
    let last = max(first, axis.column(of: step.compensatedAt ?? now))
    line.add(String(repeating: " ", count: first))
    let cap = step.status == .compensationFailed ? glyphs.barFailed : glyphs.barUndone
    line.add(String(repeating: String(glyphs.barUndone), count: last - first) + String(cap), role)
    line.add(String(repeating: " ", count: axis.columns - last))
    let took = step.compensatedAt.map { $0 - from } ?? (row.status.isActive ? now - from : nil)
    line.add(Quantity.latency(took), columns: 7, align: .right, ellipsis: glyphs.ellipsis)
    if columns >= 76 {
      let awaited = row.status.isActive ? "awaited" : "not done"
      let isAwaited = step.compensatedAt == nil
      let text = isAwaited ? awaited : step.compensationNode ?? Quantity.unknown
      line.add(text, columns: 10, ellipsis: glyphs.ellipsis, isAwaited ? role : .dim)
    }
    return withError(step.compensationError, line, id: .compensation(index))
  }
}
