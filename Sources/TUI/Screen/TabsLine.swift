import Core

/// The second line: tabs, names of the open pages, and filter or search of the front layer.
/// Not copyable: the compiler would generate large copy functions for a type that contains the whole app.
struct TabsLine: ~Copyable {
  let app: App
  let glyphs: Glyphs

  /// Key and name of each tab: full names if they fit, otherwise short names, otherwise names only for the active tab and the first ones.
  private func labels(columns: Int) -> [String] {
    for gap in ["  ", " "] {
      for names in [Views.tabs.map(\.name), Views.tabs.map(\.short)]
      where names.reduce(0, { $0 + $1.count + 2 + gap.count }) <= columns {
        return zip(Views.tabs, names).map { tab, name in "\(gap.dropFirst()) \(tab.key) \(name)" }
      }
    }
    var labels = Views.tabs.map { " \($0.key)" }
    var room = columns - labels.reduce(0) { $0 + $1.count }
    let front = Views.tabs.indices.filter { Views.tabs[$0].views.contains(app.view) }
    for place in front + Views.tabs.indices.filter({ !front.contains($0) }) {
      room -= Views.tabs[place].short.count + 1
      guard room >= 0 else { break }
      labels[place] += " \(Views.tabs[place].short)"
    }
    return labels
  }

  /// The tab at a column of a screen with `columns` columns; `nil` if none.
  func tab(at column: Int, of columns: Int) -> Views.Tab? {
    var x = 0
    for (tab, label) in zip(Views.tabs, labels(columns: room(columns))) {
      if column >= x, column < x + label.count { return tab }
      x += label.count
    }
    return nil
  }

  /// Columns for the tabs: the names of open pages have precedence over full tab names, up to half of the line.
  private func room(_ columns: Int) -> Int { max(columns / 2, columns - crumbs.columns) }

  private var crumbs: StyledLine {
    var line = StyledLine()
    for name in pages { line.add(" \(glyphs.folded) \(name.short(glyphs))", .accent) }
    return line
  }

  func draw(into frame: inout Frame, _ area: Rect) {
    let room = room(area.width)
    var line = StyledLine()
    for (tab, label) in zip(Views.tabs, labels(columns: room)) {
      let isActive = tab.views.contains(app.view)
      line.add(label, isActive ? .accent : .dim, isActive ? .strong : [])
    }
    line.add(crumbs)
    frame.put(line, x: area.x, y: area.y, width: area.width, ellipsis: glyphs.ellipsis)
    let right = narrowing
    guard !right.isEmpty else { return }
    // The filter must be visible: if there is no space next to the tabs, it covers the last ones.
    let width = min(right.columns, area.width * 2 / 3)
    frame.put(right, x: area.x + area.width - width, y: area.y, width: width, ellipsis: glyphs.ellipsis)
  }

  /// Names of the pages over the topmost list.
  private var pages: [PageName] {
    app.opened.reduce(into: []) { names, layer in
      switch layer {
      case .list: names = []
      case .page(let page): names.append(page.name)
      }
    }
  }

  private var narrowing: StyledLine {
    var line = StyledLine()
    switch app.front {
    case .page(let page):
      if !page.document.search.isEmpty { line.add("search: \(page.document.search) ", .match) }
    case .list(let list):
      line.add(list.badges(glyphs))
      if list.filter.isActive { line.add(" filter: \(list.filter.text) ", .match) }
    }
    return line
  }
}
