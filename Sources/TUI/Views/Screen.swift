import Core

/// Draws the whole screen from values.
package struct Screen {
  let content: Content
  let state: UIState
  let size: Size
  let glyphs: Glyphs
  let localOffset: Duration

  /// `localOffset` is what local time is ahead of UTC; zero shows UTC. Any size will do, and any content.
  package static func render(
    _ content: Content, _ state: UIState, size: Size, glyphs: Glyphs, localOffset: Duration = .zero
  ) -> Frame {
    Screen(content: content, state: state, size: size, glyphs: glyphs, localOffset: localOffset).frame
  }

  private var frame: Frame {
    var frame = Frame(size: size)
    guard ScreenLayout.fits(size) else {
      drawTooSmall(into: &frame)
      return frame
    }
    let layout = ScreenLayout(size: size, state: state, content: content)
    HeaderLine(content: content, state: state, glyphs: glyphs, localOffset: localOffset).draw(
      into: &frame, layout.header)
    if let tabs = layout.tabs { TabsLine(state: state, glyphs: glyphs).draw(into: &frame, tabs) }
    Banner(content: content, view: state.view, columns: size.columns).draw(
      into: &frame, layout.banner, glyphs: glyphs)
    drawBody(into: &frame, layout)
    if Staleness(header: content.header, view: state.view).isStale, state.view != .locks, state.view != .actions {
      frame.recolor(layout.body, to: .stale)
    }
    if state.isHelpOpen {
      HelpScreen(scope: state.baseScope, availability: content.availability, keys: state.keys).draw(
        into: &frame, layout, top: state.helpTop, glyphs: glyphs)
    }
    FooterLine(state: state, availability: content.availability, glyphs: glyphs, keys: state.keys).draw(
      into: &frame, layout.footer)
    if let dialog = state.dialog {
      ActionDialogBox(dialog: dialog, records: content.progress, glyphs: glyphs).draw(into: &frame)
    }
    return frame
  }

  private func drawTooSmall(into frame: inout Frame) {
    let text = size.columns < 24 ? "needs 60x12" : "sagatop needs 60x12, has \(size.columns)x\(size.rows)"
    frame.put(text, x: 0, y: size.rows / 2, width: size.columns, role: .warning)
  }

  private func drawBody(into frame: inout Frame, _ layout: ScreenLayout) {
    if let page = state.pages.last {
      let lines = PageLines(
        page: page, content: content, columns: layout.body.width, glyphs: glyphs, localOffset: localOffset)
      PageScreen(lines: lines.lines, document: page.document, glyphs: glyphs).draw(into: &frame, layout.body)
      return
    }
    switch state.view {
    case .overview, .sagas:
      SagasScreen(content: content, state: state, glyphs: glyphs).draw(into: &frame, layout)
    case .events:
      EventsScreen(content: content, state: state, glyphs: glyphs, localOffset: localOffset).draw(into: &frame, layout)
    case .locks:
      LocksScreen(content: content, state: state, glyphs: glyphs).draw(into: &frame, layout)
    case .lag:
      LagScreen(content: content, state: state, glyphs: glyphs).draw(into: &frame, layout)
    case .actions:
      ActionsScreen(content: content, state: state, glyphs: glyphs, localOffset: localOffset).draw(into: &frame, layout)
    case .services:
      ServicesScreen(content: content, state: state, glyphs: glyphs).draw(into: &frame, layout)
    case .nodes:
      NodesScreen(content: content, state: state, glyphs: glyphs).draw(into: &frame, layout)
    case .compensations:
      CompensationsScreen(content: content, state: state, glyphs: glyphs).draw(into: &frame, layout)
    }
  }
}
