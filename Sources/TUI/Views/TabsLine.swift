import Core

/// The second line: the views, what was opened over them, and what narrows the list.
struct TabsLine {
  let state: UIState
  let glyphs: Glyphs

  /// As many letters of each name as let all tabs fit.
  private static func label(_ view: ViewID, columns: Int) -> String {
    let letters = (2...20).last { letters in
      ViewID.allCases.reduce(0) { $0 + min($1.name.count, letters) + 4 } <= columns
    }
    return " \(view.digit) \(view.name.prefix(letters ?? 2)) "
  }

  /// The view whose tab lies at a column of a screen of so many.
  static func view(at column: Int, of columns: Int) -> ViewID? {
    var x = 0
    for view in ViewID.allCases {
      let width = label(view, columns: columns).count
      if column >= x, column < x + width { return view }
      x += width
    }
    return nil
  }

  func draw(into frame: inout Frame, _ area: Rect) {
    var line = StyledLine()
    for view in ViewID.allCases {
      let isActive = view == state.view
      line.add(Self.label(view, columns: area.width), isActive ? .accent : .dim, isActive ? .strong : [])
    }
    for page in state.pages { line.add("\(glyphs.folded) \(Self.short(page, glyphs)) ", .accent) }
    frame.put(line, x: area.x, y: area.y, width: area.width, ellipsis: glyphs.ellipsis)
    let right = narrowing
    guard !right.isEmpty else { return }
    // What narrows the list must be known: where there is no room beside the tabs it covers the last of them.
    let width = min(right.columns, area.width * 2 / 3)
    frame.put(right, x: area.x + area.width - width, y: area.y, width: width, ellipsis: glyphs.ellipsis)
  }

  private static func short(_ page: Page, _ glyphs: Glyphs) -> String {
    switch page.subject {
    case .saga(_, let id): "saga \(Truncation.middle(id, columns: 13, ellipsis: glyphs.ellipsis))"
    case .group(let name): "group \(Truncation.middle(name, columns: 24, ellipsis: glyphs.ellipsis))"
    case .lock(let key): "lock \(Truncation.middle(key.key, columns: 24, ellipsis: glyphs.ellipsis))"
    case .service(let name): "service \(Truncation.middle(name, columns: 24, ellipsis: glyphs.ellipsis))"
    case .action(let id): "action on \(Truncation.middle(id.subject, columns: 13, ellipsis: glyphs.ellipsis))"
    case .event(let row): "event \(Truncation.middle(row.type, columns: 24, ellipsis: glyphs.ellipsis))"
    }
  }

  private var narrowing: StyledLine {
    var line = StyledLine()
    if let page = state.pages.last {
      if !page.document.search.isEmpty { line.add("search: \(page.document.search) ", .match) }
      return line
    }
    if !state.marks.isEmpty, state.view.hasSagas { line.add("\(glyphs.mark) \(state.marks.count) marked ", .accent) }
    if state.view.hasSagas, state.sagaList.isMarkingRange { line.add(" range ", .badge) }
    if state.view == .overview, state.overview.order != .severity || state.overview.isReversed {
      line.add(" by \(state.overview.orderText) ", .accent)
    }
    if state.view == .lag, state.lag.showsTopics { line.add(" topics ", .accent) }
    if state.view == .nodes, state.nodes.showsMembers { line.add(" members ", .accent) }
    if state.view == .compensations, state.compensations.showsPatterns { line.add(" patterns ", .accent) }
    if state.filter.isActive { line.add(" filter: \(state.filter.text) ", .match) }
    return line
  }
}
