import Core
import Text

/// What stands in place of the list while there is nothing to list: what each source is doing, and what came instead.
struct EmptyState {
  let content: Content
  let view: ViewID

  var applies: Bool {
    // Its list is the configuration's: it never waits for the first reading.
    guard view != .services, view != .actions else { return false }
    if view == .lag { return content.groups.readAt == nil }
    if view == .locks { return content.locks.readAt == nil }
    if view == .nodes, content.nodes.total + content.members.total > 0 { return false }
    let counts = content.overview.total.counts
    return counts == TypeView.Counts() && content.sagas.rows.isEmpty && content.overview.evicted == 0
  }

  func draw(into frame: inout Frame, _ area: Rect, glyphs: Glyphs) {
    let lines = self.lines(glyphs)
    let top = area.height > lines.count + 2 ? area.y + 1 : area.y
    for (index, line) in lines.prefix(area.height).enumerated() {
      frame.put(line, x: area.x + 1, y: top + index, width: area.width - 2, ellipsis: glyphs.ellipsis)
    }
  }

  private func lines(_ glyphs: Glyphs) -> [StyledLine] {
    var lines = [StyledLine(title, .heading, .strong)]
    if view == .locks { lines += configuredLocks }
    if view == .lag, !content.header.sources.contains(where: { ["kafka", "lag"].contains($0.name) }) {
      lines.append(StyledLine("no Kafka is configured: --brokers LIST, or `kafka` of the context", .warning))
    }
    if content.header.sources.isEmpty { lines.append(StyledLine("no source is configured", .warning)) }
    for source in content.header.sources {
      lines += self.lines(source, glyphs)
    }
    if view != .lag, view != .locks, content.overview.undecoded > 0 {
      let count = Quantity.grouped(content.overview.undecoded)
      lines.append(StyledLine("\(count) messages could not be read as events: press 3 to see why", .warning))
    }
    return lines
  }

  private var title: String {
    switch view {
    case .lag: "No reading of consumer groups yet"
    case .locks: "No reading of locks yet"
    case .overview, .sagas, .events, .services, .nodes, .compensations, .actions: "No sagas yet"
    }
  }

  private var configuredLocks: [StyledLine] {
    let patterns = content.locks.patterns.map(\.pattern) + content.locks.counted.map(\.pattern)
    let isServed = content.header.sources.contains { $0.name.hasPrefix("redis") }
    return [
      isServed
        ? nil : StyledLine("no Redis server is configured: --redis URL, or `redis` of the context", .warning),
      patterns.isEmpty
        ? StyledLine("no lock is configured: give `locks` to the context or the preset", .warning)
        : StyledLine("configured: \(patterns.joined(separator: ", "))", .dim),
    ].compactMap { $0 }
  }

  private func lines(_ source: SourceStatus, _ glyphs: Glyphs) -> [StyledLine] {
    var line = StyledLine("\(glyph(source.phase, glyphs)) ", role(source.phase))
    line.add("\(source.name)  ", .text, .strong)
    line.add(doing(source))
    var lines = [line]
    if let error = source.error {
      lines.append(StyledLine("  \(error)\(Banner.retry(source, now: content.header.now))", .error))
    }
    lines += source.notes.prefix(5).map { StyledLine("  \($0)", .dim) }
    return lines
  }

  private func doing(_ source: SourceStatus) -> String {
    guard source.carriesEvents else { return Self.beside(source) }
    let read = "\(Quantity.grouped(source.messages)) messages read\(source.topics.map { " from \($0) topics" } ?? "")"
    switch source.phase {
    case .connecting: return "connecting"
    case .catchingUp:
      let share = source.progress.map { "\(Int(max(0, min(1, $0)) * 100)) %, " } ?? ""
      return "reading what lies there: \(share)\(read)"
    case .up: return source.messages == 0 ? "connected, no message yet" : "connected, \(read)"
    case .degraded: return "works in part, \(read)"
    case .down: return "down, \(read)"
    }
  }

  /// Of a source that no sagas are made of.
  private static func beside(_ source: SourceStatus) -> String {
    switch source.phase {
    case .connecting: "connecting"
    case .catchingUp: "reading what lies there\(source.progress.map { ": \(Int(max(0, min(1, $0)) * 100)) %" } ?? "")"
    case .up: "connected"
    case .degraded: "works in part"
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
