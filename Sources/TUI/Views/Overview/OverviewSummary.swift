import Core
import Text

/// The totals: flow and trouble. Each number has a fixed position, so that nothing moves when it changes.
struct OverviewSummary {
  /// Further types are only included in the total.
  static let maxTypes = 6

  /// Maximum number of causes shown.
  static let mostCauses = 4

  let context: DrawContext
  private var columns: Int { context.columns }
  private var glyphs: Glyphs { context.glyphs }

  private static func role(_ state: CheckState) -> StyleRole {
    switch state {
    case .ok: .ok
    case .warning: .warning
    case .critical: .critical
    case .unknown: .badge
    }
  }

  private func glyph(_ state: CheckState) -> Unicode.Scalar {
    switch state {
    case .ok: glyphs.completed
    case .warning, .critical: glyphs.stuck
    case .unknown: "?"
    }
  }

  /// " CRITICAL  in 8.0/s  out 0.0/s, none for 6m12s   2,892 stuck since 14:03".
  func verdict(_ health: FlowHealth) -> StyledLine {
    let role = Self.role(health.state)
    var line = StyledLine(" \(glyph(health.state)) \(health.state.name.uppercased()) ", role, .strong)
    line.add("  in ", .dim)
    line.add(Self.filled(Quantity.rate(health.startRate), 7), .text, .strong)
    line.add(" out ", .dim)
    line.add(Quantity.rate(health.endRate), .text, .strong)
    if let quiet = health.quiet { line.add(", none for \(Quantity.age(quiet))", .error, .strong) }
    line.add("   ")
    let waiting = health.waiting.value
    let count = waiting.map { health.waiting.quality.mark + Quantity.grouped(Int(clamping: $0)) } ?? Quantity.unknown
    line.add(count, waiting ?? 0 > 0 ? .stuck : .dim, .strong)
    line.add(" stuck", .dim)
    if let since = health.since { line.add(" since \(clock(since))", .dim) }
    if health.state == .ok { line.add("   \(health.sentence)", role) }
    return line
  }

  /// The finding that decided the verdict, the second finding, and the number of others.
  func sentence(_ health: FlowHealth) -> StyledLine {
    let others = health.findings.count - 1
    let role: StyleRole = health.state == .critical ? .error : Self.role(health.state)
    var line = StyledLine(" \(health.sentence)", role, .strong)
    if others > 0 { line.add("; \(health.findings[1].sentence)", .text) }
    if others > 1 { line.add("; \(others - 1) more \(others == 2 ? "finding" : "findings")", .dim) }
    return line
  }

  /// A cause in at most `most` lines. The last line is the remedy:
  /// "2,334 lock inventory:lock:1 never expires → inventory-service stands at order-created/2 → wait at inventory, since 14:03".
  func cause(_ group: CauseGroup, isChosen: Bool, most: Int) -> [StyledLine] {
    var line = StyledLine(isChosen ? "\(glyphs.mark)" : " ", .accent)
    let count =
      group.extent == .system
      ? String(glyph(.warning)) : "\(group.isEstimate ? "~" : "")\(Quantity.grouped(group.count))"
    line.add(Self.padded(count, Self.countColumns) + " ", .stuck, .strong)
    line.add(group.cause.sentence, .text, .strong)
    for effect in group.cause.consequences { line.add(" \(glyphs.arrow) \(effect.effect)", .text) }
    if !group.impact.isEmpty { line.add(" \(glyphs.arrow) \(group.impact)", .text) }
    let facts = facts(group)
    if line.columns > columns || line.columns + facts.count <= columns { line.add(facts, .dim) }
    let cure = self.cure(group)
    guard most > 1, let cure else { return [line] }
    let chain = line.wrapped(columns: columns - 1, indent: Self.countColumns + 2, maxLines: min(2, most - 1))
    var last = StyledLine(String(repeating: " ", count: Self.countColumns + 2))
    last.add("\(glyphs.cure) ", .accent)
    last.add(cure)
    return chain + [last]
  }

  private static let countColumns = 6

  /// "14:03".
  private func clock(_ time: Timestamp) -> String {
    String(Quantity.clock(time, offset: context.localOffset).prefix(5))
  }

  private func facts(_ group: CauseGroup) -> String {
    var facts = group.since.map { ", since \(clock($0))" } ?? ""
    if let growth = group.growth, growth != 0 { facts += ", \(growth > 0 ? "+" : "")\(Quantity.grouped(growth)) in 1m" }
    if let also = group.also { facts += "; some also: \(also)" }
    return facts
  }

  /// The key to press, or the remedy outside of sagatop.
  private func cure(_ group: CauseGroup) -> StyledLine? {
    var line = StyledLine()
    if group.lock != nil {
      guard let key = self.key(.releaseLock) else {
        return StyledLine("delete the lock in Redis, if its holder is gone", .accent)
      }
      line.add(key, .key)
      line.add(" evicts the lock, if its holder is gone", .accent)
    } else if group.cause.kind.remedy == .retry, group.extent == .waiting, let key = self.key(.retry) {
      if let show = context.key(.nextCause) {
        line.add(show, .key)
        line.add(" shows them, ", .accent)
      }
      line.add(key, .key)
      line.add(" retries them", .accent)
      if let cure = group.cause.cure { line.add("; or \(cure)", .text) }
    } else if let cure = group.cause.cure {
      line.add(cure, .accent)
      if group.extent == .waiting, group.cause.kind.holdsRetries {
        line.add("; a retry only queues up behind it", .dim)
      }
    }
    return line.isEmpty ? nil : line
  }

  /// The key of an action that is available here.
  private func key(_ action: ActionName) -> String? { context.canAct(action) ? context.key(.act(action)) : nil }

  /// "dead letters 3   undecoded 1   events of no saga 318"; `nil` if there are none.
  func leftovers(deadLetters: Known<Int64>?, undecoded: Int, unmatched: Int) -> StyledLine? {
    var line = StyledLine()
    func add(_ word: String, _ text: String, _ command: Command) {
      line.add(line.isEmpty ? " \(glyphs.stuck) " : "   ", .warning)
      line.add("\(text) \(word)", .warning, .strong)
      if let key = context.key(command) { line.add(" (\(key))", .dim) }
    }
    if let letters = deadLetters, let count = letters.value, count > 0 {
      add(
        count == 1 ? "dead letter" : "dead letters", letters.quality.mark + Quantity.grouped(Int(clamping: count)),
        .show(.topics))
    }
    if undecoded > 0 { add("undecoded", Quantity.grouped(undecoded), .showTab(EventsScreen.tab)) }
    if unmatched > 0 { add("of no saga", Quantity.grouped(unmatched), .reading) }
    return line.isEmpty ? nil : line
  }

  private static func padded(_ text: String, _ columns: Int) -> String {
    String(repeating: " ", count: max(0, columns - text.count)) + text
  }

  private static func filled(_ text: String, _ columns: Int) -> String {
    text + String(repeating: " ", count: max(0, columns - text.count))
  }

  /// "running 128 ▁▂▂▃▅▇▆▅ 42/s  completed 99.2 %  p50 410 ms  p95 812 ms".
  /// `type` is the only saga type; `nil` if there are several.
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

  /// "▲ stuck 2   ⟲ compensating 3   ✖ failed 1"; zero counts have no colour.
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

  /// One line per type, with the same values in columns.
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
