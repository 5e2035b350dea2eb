import Core
import Text

/// The sums: how much flows and how much is in trouble. Every number has a place of its own, so that nothing moves when it changes.
struct OverviewSummary {
  /// Types beyond these are summed up in the first line only.
  static let maxTypes = 6

  /// From so many rows of the body on, compensations and failures have a line each.
  static let historyFrom = 20

  /// Causes that have a line each.
  static let mostCauses = 4

  let columns: Int
  let glyphs: Glyphs

  private static func role(_ state: CheckState) -> StyleRole {
    switch state {
    case .ok: .ok
    case .warning: .warning
    case .critical: .critical
    case .unknown: .stale
    }
  }

  private func glyph(_ state: CheckState) -> Unicode.Scalar {
    switch state {
    case .ok: glyphs.completed
    case .warning, .critical: glyphs.stuck
    case .unknown: "?"
    }
  }

  /// "● in 8.0/s   out 0.0/s, none for 6m12s   2,892 stuck since 14:03".
  func verdict(_ health: FlowHealth, localOffset: Duration) -> StyledLine {
    let role = Self.role(health.state)
    var line = StyledLine(" \(glyph(health.state)) ", role, .strong)
    line.add("in ", .dim)
    line.add(Self.filled(Quantity.rate(health.startRate), 7), .text, .strong)
    line.add(" out ", .dim)
    line.add(Quantity.rate(health.endRate), health.quiet == nil ? .text : role, .strong)
    if let quiet = health.quiet { line.add(", none for \(Quantity.age(quiet))", role, .strong) }
    line.add("   ")
    let waiting = health.waiting.value
    let count = waiting.map { health.waiting.quality.mark + Quantity.grouped(Int(clamping: $0)) } ?? Quantity.unknown
    line.add(count, waiting ?? 0 > 0 ? .stuck : .dim, .strong)
    line.add(" stuck", .dim)
    if let since = health.since { line.add(" since \(Quantity.clock(since, offset: localOffset).prefix(5))", .dim) }
    if health.state == .ok { line.add("   \(health.sentence)", role) }
    return line
  }

  /// What decided the verdict, and how many findings more there are.
  func sentence(_ health: FlowHealth) -> StyledLine {
    let others = health.findings.count - 1
    var line = StyledLine("   \(health.sentence)", Self.role(health.state), .strong)
    if others > 0 { line.add("; \(health.findings[1].sentence)", .text) }
    if others > 1 { line.add("; \(others - 1) more", .dim) }
    return line
  }

  /// "2,334  lock inventory:lock:1 never expires  at inventory since 14:03   E in 5 locks evicts it".
  func cause(_ group: CauseGroup, isChosen: Bool, localOffset: Duration) -> StyledLine {
    var line = StyledLine(isChosen ? " \(glyphs.mark) " : "   ", .accent)
    let count = "\(group.isEstimate ? "~" : "")\(Quantity.grouped(group.count))"
    line.add(Self.padded(count, 6) + "  ", .stuck, .strong)
    var facts = group.steps.isEmpty ? "" : "  at \(group.steps.prefix(2).joined(separator: ", "))"
    if columns >= 100, let since = group.since {
      facts += " since \(Quantity.clock(since, offset: localOffset).prefix(5))"
    }
    // What is wrong stays whole where it can; what to do is cut first.
    let room = max(20, columns * 3 / 5)
    line.add(Truncation.middle(group.cause.sentence, columns: room, ellipsis: glyphs.ellipsis), .text, .strong)
    line.add(facts, .dim)
    if columns >= 70 { line.add("   \(remedy(group))", .accent) }
    return line
  }

  private func remedy(_ group: CauseGroup) -> String {
    switch group.cause.kind.remedy {
    case .releaseLock?: "E in 5 locks evicts it"
    case .retry? where group.filter != nil: "f, then R retries"
    default: group.cause.suggestion ?? ""
    }
  }

  private static func padded(_ text: String, _ columns: Int) -> String {
    String(repeating: " ", count: max(0, columns - text.count)) + text
  }

  private static func filled(_ text: String, _ columns: Int) -> String {
    text + String(repeating: " ", count: max(0, columns - text.count))
  }

  /// "running 128 ▁▂▂▃▅▇▆▅ 42/s  completed 99.2 %  p50 410 ms  p95 812 ms".
  /// `type` is the only one that there is.
  func flow(_ view: TypeView, type: String?) -> StyledLine {
    let name = columns < 100 ? nil : type.map { Truncation.middle($0, columns: 24, ellipsis: glyphs.ellipsis) + " " }
    var line = StyledLine(" \(name ?? "")running ", .dim)
    let used = name.map { TextWidth.columns(of: $0) } ?? 0
    line.add(Self.filled(Quantity.count(view.counts.running), 6), .running, .strong)
    let width = columns >= 70 ? min(60, columns - used - (columns >= 92 ? 82 : 69)) : 0
    if width > 0 {
      let bars = Sparkline.text(view.startHistory, columns: width, floor: 1, glyphs: glyphs)
      line.add(Self.padded(bars, width), .chart)
    }
    line.add(Self.padded(Quantity.rate(view.startRate), 7), .text)
    line.add("  completed ", .dim)
    line.add(Self.padded(Quantity.share(view.completionRate), 6), .completed)
    line.add("  p50 ", .dim)
    line.add(Self.padded(Quantity.latency(view.p50), 6), .text)
    if columns >= 70 { line.add(quantile("p95", view.p95)) }
    if columns >= 92 { line.add(quantile("p99", view.p99)) }
    return line
  }

  private func quantile(_ name: String, _ value: Duration?) -> StyledLine {
    var line = StyledLine("  \(name) ", .dim)
    line.add(Self.padded(Quantity.latency(value), 6), .text)
    return line
  }

  /// "▲ stuck 2   ⟲ compensating 3   ✖ failed 1": with colour only where there is something.
  func trouble(_ counts: TypeView.Counts) -> StyledLine {
    var line = StyledLine(" ")
    let width = columns >= 60 ? 7 : 5
    line.add(count(glyphs.stuck, "stuck", counts.stuck, .stuck, width: width))
    line.add(count(glyphs.failed, "failed", counts.failed, .failed, width: width))
    let hasWords = columns >= 76
    line.add(
      count(
        glyphs.compensating, columns >= 60 ? "compensating" : "", counts.compensating, .compensating,
        width: hasWords ? 7 : 5))
    line.add(
      count(
        glyphs.compensated, hasWords ? "compensated" : "", counts.compensated, .compensated, width: hasWords ? 7 : 4))
    if columns >= 84 { line.add(count(glyphs.completed, "completed", counts.completed, .completed)) }
    let others = [(glyphs.declined, "declined", counts.declined), (glyphs.ended, "ended", counts.ended)]
    for (glyph, word, number) in others where number > 0 {
      let more = count(glyph, word, number, .text)
      if line.columns + more.columns <= columns + 6 { line.add(more) }
    }
    return line
  }

  private func count(_ glyph: Unicode.Scalar, _ word: String, _ number: Int, _ role: StyleRole, width: Int = 7)
    -> StyledLine
  {
    let shown: StyleRole = number > 0 ? role : .dim
    let isAlarm = number > 0 && (role == .stuck || role == .failed)
    var line = StyledLine(word.isEmpty ? "\(glyph) " : "\(glyph) \(word) ", shown, isAlarm ? .strong : [])
    line.add(Self.filled(Quantity.count(number), width), shown, isAlarm ? .strong : [])
    return line
  }

  /// "compensations  backlog 3, failed 1   started 0.4/s   done 0.4/s   p95 1.2 s".
  func compensations(_ sums: CompensationSums) -> StyledLine {
    var line = StyledLine(" compensations  ", .dim)
    line.add("backlog \(Quantity.count(sums.backlog))", sums.backlog > 0 ? .compensating : .dim, .strong)
    if sums.failed > 0 { line.add(", failed \(Quantity.count(sums.failed))", .failed, .strong) }
    line.add("   started ", .dim)
    line.add(Quantity.rate(sums.startRate))
    line.add("   done ", .dim)
    line.add(Quantity.rate(sums.doneRate))
    line.add("   p95 ", .dim)
    line.add(Quantity.latency(sums.p95))
    return line
  }

  /// "top failure  stock short for product <n>  120 times, 2.0/s, at inventory".
  func failure(_ view: FailureList) -> StyledLine {
    var line = StyledLine(" top failure ", .dim)
    guard let row = view.rows.first else {
      line.add("none", .dim)
      return line
    }
    var facts = "  \(Quantity.count(row.count)) times, \(Quantity.rate(row.rate))"
    if let step = row.steps.first?.name { facts += ", at \(step)" }
    if row.isNew { line.add("new ", .warning, .strong) }
    let room = max(10, columns - line.columns - facts.count - 1)
    line.add(Truncation.middle(row.pattern, columns: room, ellipsis: glyphs.ellipsis), .error)
    line.add(facts)
    return line
  }

  /// One line per type: the same facts in columns.
  func type(_ view: TypeView) -> StyledLine {
    let name =
      TextWidth.columns(of: view.type) > 12
      ? Truncation.middle(view.type, columns: 12, ellipsis: glyphs.ellipsis) : view.type
    var line = StyledLine(" \(name)", .heading)
    line.add(String(repeating: " ", count: max(1, 14 - TextWidth.columns(of: name))))
    line.add(Self.padded(Quantity.count(view.counts.running), 5), .running)
    line.add(Self.padded(Quantity.rate(view.startRate), 8), .text)
    line.add(Self.padded(Quantity.share(view.completionRate), 9), .completed)
    if columns >= 100 { line.add(quantile("p50", view.p50)) }
    line.add(quantile("p95", view.p95))
    line.add("  ")
    line.add(short(glyphs.stuck, view.counts.stuck, .stuck))
    line.add(short(glyphs.failed, view.counts.failed, .failed))
    line.add(short(glyphs.compensating, view.counts.compensating, .compensating))
    return line
  }

  private func short(_ glyph: Unicode.Scalar, _ number: Int, _ role: StyleRole) -> StyledLine {
    StyledLine("\(glyph) \(Self.padded(Quantity.count(number), 4)) ", number > 0 ? role : .dim)
  }
}
