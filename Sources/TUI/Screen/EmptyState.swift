import Core
import Text

/// Shown in place of an empty list: the state of each source, and what was received instead.
package struct EmptyState {
  static let sagas = EmptyState("No sagas yet")

  private let title: String
  /// What the configuration lacks or contains.
  private let notes: [StyledLine]
  /// Whether undecoded and unmatched messages may be the reason.
  private let isOfEvents: Bool

  init(_ title: String, notes: [StyledLine] = [], isOfEvents: Bool = true) {
    self.title = title
    self.notes = notes
    self.isOfEvents = isOfEvents
  }

  func draw(into frame: inout Frame, _ area: Rect, _ context: DrawContext) {
    let lines = self.lines(context)
    let top = area.height > lines.count + 2 ? area.y + 1 : area.y
    for (index, line) in lines.prefix(area.height).enumerated() {
      frame.put(line, x: area.x + 1, y: top + index, width: area.width - 2, ellipsis: context.glyphs.ellipsis)
    }
  }

  private func lines(_ context: DrawContext) -> [StyledLine] {
    let sources = context.status.header.sources
    var lines = [StyledLine(title, .heading, .strong)] + notes
    if sources.isEmpty { lines.append(StyledLine("no source is configured", .warning)) }
    for source in sources { lines += self.lines(source, context.glyphs, now: context.now) }
    if isOfEvents { lines += unmatched(context) }
    let undecoded = context.status.overview.undecoded
    if isOfEvents, undecoded > 0 {
      let count = Quantity.grouped(undecoded)
      let key = context.key(.showTab(EventsScreen.tab)).map { ": press \($0) to see why" } ?? ""
      lines.append(StyledLine("\(count) messages could not be read as events\(key)", .warning))
    }
    return lines
  }

  /// Shows that the preset or configuration matches no events, and how to find out why.
  private func unmatched(_ context: DrawContext) -> [StyledLine] {
    let header = context.status.header
    guard header.unmatched > 0 else { return [] }
    let count = Quantity.grouped(header.unmatched)
    let key = context.key(.reading).map { ": press \($0) to see why" } ?? ""
    return [
      StyledLine("\(count) events belong to no saga of \(header.context)\(key)", .warning),
      StyledLine("`sagatop doctor` names what is missing; `--preset none` infers the sagas", .dim),
    ]
  }

  private func lines(_ source: SourceStatus, _ glyphs: Glyphs, now: Timestamp) -> [StyledLine] {
    var line = StyledLine("\(glyph(source.phase, glyphs)) ", role(source.phase))
    line.add("\(source.name)  ", .text, .strong)
    line.add(doing(source))
    var lines = [line]
    if let error = source.error {
      lines.append(StyledLine("  \(error)\(Banner.retry(source, now: now))", .error))
    }
    lines += source.notes.prefix(5).map { StyledLine("  \($0)", .dim) }
    return lines
  }

  private func doing(_ source: SourceStatus) -> String {
    guard source.carriesEvents else { return Self.withoutEvents(source) }
    let read = "\(Quantity.grouped(source.messages)) messages read\(source.topics.map { " from \($0) topics" } ?? "")"
    switch source.phase {
    case .connecting: return "connecting"
    case .catchingUp:
      let share = source.progress.map { "\(Int(max(0, min(1, $0)) * 100)) %, " } ?? ""
      return "catching up \(share)\(read)"
    case .up: return source.messages == 0 ? "connected, no message yet" : "connected, \(read)"
    case .degraded: return "degraded, \(read)"
    case .down: return "down, \(read)"
    }
  }

  /// The state of a source that provides no events.
  private static func withoutEvents(_ source: SourceStatus) -> String {
    switch source.phase {
    case .connecting: "connecting"
    case .catchingUp: "catching up\(source.progress.map { " \(Int(max(0, min(1, $0)) * 100)) %" } ?? "")"
    case .up: "connected"
    case .degraded: "degraded"
    case .down: "down"
    }
  }

  private func glyph(_ phase: SourceStatus.Phase, _ glyphs: Glyphs) -> Unicode.Scalar {
    switch phase {
    case .connecting: glyphs.pending
    case .catchingUp, .up: glyphs.running
    case .degraded: glyphs.stuck
    case .down: glyphs.failed
    }
  }

  private func role(_ phase: SourceStatus.Phase) -> StyleRole {
    switch phase {
    case .connecting, .degraded: .warning
    case .catchingUp: .running
    case .up: .ok
    case .down: .critical
    }
  }
}
