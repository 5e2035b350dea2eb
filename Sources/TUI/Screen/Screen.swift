import Core

/// Draws the whole screen, for any size and any content.
/// Not copyable: the compiler would generate large copy functions for a type that contains the whole app.
struct Screen: ~Copyable {
  let app: App
  let context: DrawContext
  private var size: Size { app.size }
  private var glyphs: Glyphs { context.glyphs }

  var frame: Frame {
    var frame = Frame(size: size)
    guard ScreenLayout.fits(size) else {
      drawTooSmall(into: &frame)
      return frame
    }
    let layout = ScreenLayout(size: size, front: app.front, context: context)
    HeaderLine(app: app, context: context).draw(into: &frame, layout.header)
    if let tabs = layout.tabs { TabsLine(app: app, glyphs: glyphs).draw(into: &frame, tabs) }
    Banner(front: app.front, context: context).draw(into: &frame, layout.banner)
    drawBody(into: &frame, layout)
    if app.frontList.silence(context.status) != nil { frame.recolor(layout.body, to: .stale) }
    if app.isHelpOpen { app.help.draw(into: &frame, layout, top: app.helpTop, glyphs: glyphs) }
    app.themeChooser?.draw(into: &frame, glyphs: glyphs)
    FooterLine(app: app, glyphs: glyphs).draw(into: &frame, layout.footer)
    if let dialog = app.dialog {
      ActionDialogBox(dialog: dialog, records: app.progress, run: app.run, glyphs: glyphs).draw(into: &frame)
    }
    return frame
  }

  private func drawTooSmall(into frame: inout Frame) {
    let text = size.columns < 24 ? "needs 60x12" : "sagatop needs 60x12, has \(size.columns)x\(size.rows)"
    frame.put(text, x: 0, y: size.rows / 2, width: size.columns, role: .warning)
  }

  private func drawBody(into frame: inout Frame, _ layout: ScreenLayout) {
    switch app.front {
    case .list(let list): list.draw(into: &frame, layout, context)
    case .page(let page):
      PageScreen(lines: page.lines(context), document: page.document, glyphs: glyphs).draw(into: &frame, layout.body)
    }
  }
}

/// The areas of the screen. They depend on the size, the view, its filter and the state of the sources, never on the number of rows of a
/// list.
struct ScreenLayout {
  /// On a smaller screen only the required size is shown.
  private static let least = Size(columns: 40, rows: 8)

  let size: Size
  let header: Rect
  let tabs: Rect?
  let banner: Rect
  let body: Rect
  let footer: Rect
  /// The parts of the body: above the list, the list, below the list. Empty for a page.
  let summary: Rect
  /// The text of the summary, if it was needed for the height.
  let summaryText: [StyledLine]?
  let list: Rect
  let detail: Rect

  /// Area of the help: all rows except the first and the last.
  var help: Rect {
    let top = header.y + header.height
    return Rect(x: 0, y: top, width: size.columns, height: footer.y - top)
  }

  /// Number of rows of the list without the column titles.
  var listHeight: Int { max(1, list.height - 1) }

  init(size: Size, front: Layer, context: DrawContext) {
    self.size = size
    var rest = Rect(x: 0, y: 0, width: size.columns, height: size.rows)
    header = rest.takeTop(1)
    footer = rest.takeBottom(1)
    tabs = size.rows >= 16 || front.isNarrowed ? rest.takeTop(1) : nil
    banner = rest.takeTop(Banner(front: front, context: context).height(rows: size.rows))
    body = rest
    guard case .list(let view) = front else {
      (summary, summaryText, list, detail) = (rest.takeTop(0), nil, rest.takeTop(0), rest.takeTop(0))
      return
    }
    let height = rest.height
    summaryText = view.measuredSummary(context, body: height)
    summary = rest.takeTop(summaryText?.count ?? view.summaryHeight(context, body: height))
    detail = rest.takeBottom(view.detailHeight(body: rest.height))
    list = rest
  }

  static func fits(_ size: Size) -> Bool { size.columns >= least.columns && size.rows >= least.rows }
}
