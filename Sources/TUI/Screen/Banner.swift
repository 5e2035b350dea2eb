import Core
import Text

/// Lines with the sources that fail and the errors, or the progress of catching up. Empty if no source needs attention.
struct Banner {
  /// The sources to report; empty if the body already shows the state of all sources.
  private let reported: [SourceStatus]
  private let context: DrawContext
  private var columns: Int { context.columns }
  private var now: Timestamp { context.now }

  init(front: Layer, context: DrawContext) {
    self.context = context
    var isEmpty = false
    if case .list(let list) = front { isEmpty = list.emptyState(context.status) != nil }
    reported =
      isEmpty
      ? []
      : context.status.header.sources.filter { source in
        source.phase == .catchingUp || Self.isReadingPast(source)
          || source.error != nil && (source.phase == .down || source.phase == .degraded)
      }
  }

  /// Height on a screen with `rows` rows; an error may use two lines if there is space.
  func height(rows: Int) -> Int {
    let ofPast = context.status.past == nil ? 0 : 1
    guard rows >= 16 else { return max(ofPast, min(reported.count, 1)) }
    return min(4, reported.reduce(ofPast) { $0 + (line($1, .ascii).columns > columns ? 2 : 1) })
  }

  func draw(into frame: inout Frame, _ area: Rect) {
    let glyphs = context.glyphs
    var rest = area
    if let past = context.status.past, rest.height > 0 {
      let row = rest.takeTop(1)
      frame.put(
        " \(past.sentence(context.key))", x: row.x, y: row.y, width: row.width, role: .past, ellipsis: glyphs.ellipsis)
    }
    for (index, source) in reported.enumerated() where rest.height > 0 {
      let hasRoom = rest.height > reported.count - index
      for (number, line) in lines(source, glyphs, isWrapped: hasRoom).enumerated() {
        let row = rest.takeTop(1)
        let indent = number == 0 ? 0 : 3
        frame.put(line, x: row.x + indent, y: row.y, width: row.width - indent, ellipsis: glyphs.ellipsis)
      }
    }
  }

  /// One line, or two lines split at a blank if the error is too long for one.
  private func lines(_ source: SourceStatus, _ glyphs: Glyphs, isWrapped: Bool) -> [StyledLine] {
    let whole = line(source, glyphs)
    guard isWrapped, whole.columns > columns else { return [whole] }
    var first = Self.title(source, glyphs, now: now)
    let room = columns - first.columns
    let words = (source.error ?? "").split(separator: " ", omittingEmptySubsequences: false)
    var fitting = 0
    while fitting < words.count, TextWidth.columns(of: words[...fitting].joined(separator: " ")) <= room {
      fitting += 1
    }
    first.add(words[..<fitting].joined(separator: " "), Self.role(source))
    return [first, StyledLine(words[fitting...].joined(separator: " "), Self.role(source))]
  }

  private static func isReadingPast(_ source: SourceStatus) -> Bool {
    source.isComplete && source.phase == .up && !source.hasWholeWindow
  }

  /// "kafka: history back to 09:40, 38 %, 2m left; :stop-history ends it".
  private static func past(_ window: ReadWindow, _ source: SourceStatus, _ glyphs: Glyphs, _ offset: Duration)
    -> StyledLine
  {
    let start = window.readSince.map { " back to \(Quantity.clock($0, offset: offset).prefix(5))" } ?? ""
    return StyledLine(
      " \(glyphs.running) \(source.name): history\(start), \(window.progressText); :stop-history ends it", .running)
  }

  private static func role(_ source: SourceStatus) -> StyleRole {
    switch source.phase {
    case .down: .critical
    case .degraded: .warning
    case .connecting, .catchingUp, .up: .running
    }
  }

  private static func title(_ source: SourceStatus, _ glyphs: Glyphs, now: Timestamp) -> StyledLine {
    guard source.phase != .catchingUp else {
      let share = source.progress.map { "\(Int(max(0, min(1, $0)) * 100)) %, " } ?? ""
      guard source.carriesEvents else {
        return StyledLine(
          " \(glyphs.running) \(source.name) is catching up \(share.dropLast(2))", .running)
      }
      let read = "\(share)\(Quantity.grouped(source.messages)) messages"
      return StyledLine(" \(glyphs.running) \(source.name) is catching up \(read)", .running)
    }
    let glyph = source.phase == .down ? glyphs.failed : glyphs.stuck
    return StyledLine(
      " \(glyph) \(source.name) \(source.phase.rawValue)\(retry(source, now: now)): ", role(source), .strong)
  }

  private func line(_ source: SourceStatus, _ glyphs: Glyphs) -> StyledLine {
    if Self.isReadingPast(source), let window = source.window {
      return Self.past(window, source, glyphs, context.localOffset)
    }
    var line = Self.title(source, glyphs, now: now)
    if source.phase != .catchingUp { line.add(source.error ?? "", Self.role(source)) }
    return line
  }

  /// ", tries again in 3 s"; empty if the time is unknown.
  static func retry(_ source: SourceStatus, now: Timestamp) -> String {
    guard let retryAt = source.retryAt, retryAt > now else { return "" }
    return ", tries again in \(Int((retryAt - now).seconds.rounded(.up))) s"
  }
}
