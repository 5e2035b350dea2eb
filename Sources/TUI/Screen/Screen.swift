import Core

/// Draws the whole screen. Any size will do, and any content.
struct Screen {
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
    if app.viewType.isStaleWithSources, Staleness(app.status.header, app.viewType).isStale {
      frame.recolor(layout.body, to: .stale)
    }
    if app.isHelpOpen { app.help.draw(into: &frame, layout, top: app.helpTop, glyphs: glyphs) }
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
