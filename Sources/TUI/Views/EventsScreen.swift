import Core
import Text

/// The latest events of all topics.
struct EventsScreen {
  let content: Content
  let state: UIState
  let glyphs: Glyphs
  let localOffset: Duration
  private var list: EventList { content.events }

  func draw(into frame: inout Frame, _ layout: ScreenLayout) {
    let empty = EmptyState(content: content, view: .events)
    if empty.applies, list.received == 0, list.rows.isEmpty, list.undecoded.isEmpty {
      return empty.draw(into: &frame, layout.body, glyphs: glyphs)
    }
    frame.put(countLine, x: 0, y: layout.summary.y, width: layout.summary.width, ellipsis: glyphs.ellipsis)
    if layout.summary.height > 1 {
      frame.put(
        undecodedLine, x: 0, y: layout.summary.y + 1, width: layout.summary.width, ellipsis: glyphs.ellipsis)
    }
    drawList(into: &frame, layout.list)
  }

  private func drawList(into frame: inout Frame, _ area: Rect) {
    let table = EventColumns(columns: area.width - 2, hasSaga: true, glyphs: glyphs)
    frame.put(table.titles, x: 2, y: area.y)
    if list.rows.isEmpty { frame.put("no event matches", x: 2, y: area.y + 1, role: .dim) }
    for (index, row) in list.rows.prefix(max(0, area.height - 1)).enumerated() {
      let y = area.y + 1 + index
      let time = Quantity.clock(row.time, offset: localOffset)
      frame.put(table.line(row, time: time), x: 2, y: y)
      guard list.offset + index == state.events.cursor.position else { continue }
      frame.put(String(glyphs.cursor), x: area.x, y: y, role: .accent)
      frame.emphasize(Rect(x: area.x, y: y, width: area.width, height: 1), .selected)
    }
  }

  private var countLine: StyledLine {
    let last = Quantity.grouped(list.offset + list.rows.count)
    let range = list.rows.isEmpty ? "none" : "\(Quantity.grouped(list.offset + 1))-\(last)"
    var line = StyledLine(" newest first, showing \(range) of \(Quantity.grouped(list.matching))", .dim)
    line.add(", \(Quantity.grouped(list.received)) received", .dim)
    if state.events.cursor.isPlaced { line.add(", g goes to the newest", .dim) }
    return line
  }

  private var undecodedLine: StyledLine {
    let total = list.undecoded.reduce(0) { $0 + $1.count }
    guard total > 0 else { return StyledLine(" every message could be read", .dim) }
    var line = StyledLine(" \(glyphs.stuck) not readable: ", .warning)
    let topics = list.undecoded.prefix(4).map { "\($0.topic) \(Quantity.grouped($0.count))" }
    line.add(topics.joined(separator: ", "), .warning)
    if list.undecoded.count > 4 { line.add(" and \(list.undecoded.count - 4) more topics", .warning) }
    if let reason = list.undecoded.first?.lastReason { line.add("  last: \(reason)", .dim) }
    return line
  }
}
