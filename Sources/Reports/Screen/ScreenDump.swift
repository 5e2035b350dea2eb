import Core
import TUI

/// A view of the live screen rendered once.
package struct ScreenDump: Sendable {
  /// The view does not support the filter, the order or a column.
  package struct UnknownWord: Error {
    package var message: String
  }

  /// A view of the screen, or one saga.
  package enum Subject: Sendable {
    case view(ViewID)
    case saga(SagaHandle, id: String)
  }

  package var subject: Subject
  package var size: Size
  package var glyphs: Glyphs
  /// Offset of local time from UTC; positive to the east.
  package var localOffset: Duration

  package init(subject: Subject, size: Size, glyphs: Glyphs, localOffset: Duration) {
    self.subject = subject
    self.size = size
    self.glyphs = glyphs
    self.localOffset = localOffset
  }

  /// As typed on the screen. Empty for the default.
  package var filter = ""
  package var order = ""
  package var isReversed = false
  package var columns: [String] = []

  package func frame(of source: some ContentSource, now: Timestamp) throws(UnknownWord) -> Frame {
    var app = App(header: source.header(now: now), size: size)
    switch subject {
    case .view(let view): app.show(view)
    case .saga(let handle, let id): app.openSaga(handle, id: id)
    }
    if let message = app.arrange(filter: filter, order: order, isReversed: isReversed, columns: columns) {
      throw UnknownWord(message: message)
    }
    // The layout around a list depends on its totals, so only the second read matches the layout.
    for _ in 0..<2 { app.refresh(from: source, now: now) }
    return app.frame(glyphs: glyphs, localOffset: localOffset)
  }
}

/// A frame as SVG: selectable text in the theme's colours on a dark background.
extension Frame {
  private static let cellWidth = 9
  private static let cellHeight = 19
  private static let margin = 10
  private static let ground = "#111317"
  private static let ink = "#d8dade"

  package func svg(theme: Theme) -> String {
    let width = size.columns * Self.cellWidth + 2 * Self.margin
    let height = size.rows * Self.cellHeight + 2 * Self.margin
    let font = "font-family='DejaVu Sans Mono, Menlo, Consolas, monospace' font-size='15'"
    var svg = "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 \(width) \(height)' \(font)>\n"
    svg += "<rect width='\(width)' height='\(height)' rx='6' fill='\(Self.ground)'/>\n"
    for y in 0..<size.rows { for run in runs(in: y, theme) { svg += element(run, y) } }
    return svg + "</svg>\n"
  }

  /// Adjacent cells with the same style.
  private struct Run {
    var x: Int
    var columns = 0
    var text = ""
    var style: ThemeStyle
  }

  private func runs(in y: Int, _ theme: Theme) -> [Run] {
    var runs: [Run] = []
    for x in 0..<size.columns where !self[x, y].isContinuation {
      let cell = self[x, y]
      let style = theme.style(role: cell.role, emphasis: cell.emphasis)
      if runs.last?.style != style { runs.append(Run(x: x, style: style)) }
      runs[runs.count - 1].columns += Int(cell.width)
      for scalar in scalars(of: cell) { runs[runs.count - 1].text.unicodeScalars.append(scalar) }
    }
    return runs
  }

  private func element(_ run: Run, _ y: Int) -> String {
    let x = Self.margin + run.x * Self.cellWidth
    let top = Self.margin + y * Self.cellHeight
    let width = run.columns * Self.cellWidth
    let (ink, ground) = Self.colors(run.style)
    var text = ""
    if let ground {
      text += "<rect x='\(x)' y='\(top)' width='\(width)' height='\(Self.cellHeight)' fill='\(ground)'/>\n"
    }
    guard run.text.contains(where: { $0 != " " }) else { return text }
    var attributes = "x='\(x)' y='\(top + 14)' textLength='\(width)' xml:space='preserve' fill='\(ink)'"
    if run.style.isBold { attributes += " font-weight='bold'" }
    if run.style.isDim { attributes += " opacity='0.6'" }
    if run.style.isUnderlined { attributes += " text-decoration='underline'" }
    return text + "<text \(attributes)>\(run.text.escapedXML)</text>\n"
  }

  /// The text colour, and the background colour if it differs from the image's.
  private static func colors(_ style: ThemeStyle) -> (ink: String, ground: String?) {
    let ink = style.foreground?.hex, ground = style.background?.hex
    return style.isReversed ? (ground ?? Self.ground, ink ?? Self.ink) : (ink ?? Self.ink, ground)
  }
}

extension String {
  /// Escaped as the text of an XML element.
  var escapedXML: String { replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;") }
}
