import Core

/// Lines that say which source fails and why. There are none while all is well.
struct Banner {
  let content: Content

  private var failing: [SourceStatus] {
    content.header.sources.filter { $0.error != nil && ($0.phase == .down || $0.phase == .degraded) }
  }

  /// Where nothing has arrived yet the body itself tells what the sources do.
  var lineCount: Int { EmptyState(content: content).applies ? 0 : failing.count }

  func draw(into frame: inout Frame, _ area: Rect, glyphs: Glyphs) {
    for (index, source) in failing.prefix(area.height).enumerated() {
      frame.put(
        line(source, glyphs), x: area.x, y: area.y + index, width: area.width, ellipsis: glyphs.ellipsis)
    }
  }

  private func line(_ source: SourceStatus, _ glyphs: Glyphs) -> StyledLine {
    let isDown = source.phase == .down
    let role: StyleRole = isDown ? .critical : .warning
    var line = StyledLine(
      " \(isDown ? glyphs.failed : glyphs.stuck) \(source.name) \(source.phase.rawValue)", role, .strong)
    line.add(": \(source.error ?? "")", role)
    line.add(Self.retry(source, now: content.header.now), .dim)
    return line
  }

  /// ", tries again in 3 s"; empty where that is not known.
  static func retry(_ source: SourceStatus, now: Timestamp) -> String {
    guard let retryAt = source.retryAt, retryAt > now else { return "" }
    return ", tries again in \(Quantity.age(retryAt - now))"
  }
}
