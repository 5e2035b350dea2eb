import Core

/// The second line: tabs, names of the open pages, and filter or search of the front layer.
/// Not copyable: the compiler would generate large copy functions for a type that contains the whole app.
struct TabsLine: ~Copyable {
  let app: App
  let glyphs: Glyphs

  /// Key and name of each tab, in at most `columns`: full names if they fit, otherwise short names, otherwise names only for the active tab
  /// and the first ones. A label without room is empty.
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
    let others = Views.tabs.indices.filter { !front.contains($0) }
    for place in others.reversed() + front where room < 0 {
      room += labels[place].count
      labels[place] = ""
    }
    for place in front + others where !labels[place].isEmpty {
      room -= Views.tabs[place].short.count + 1
      guard room >= 0 else { break }
      labels[place] += " \(Views.tabs[place].short)"
    }
    return labels
  }

  /// The tab at a column of a screen with `columns` columns; `nil` if none.
  func tab(at column: Int, of columns: Int) -> Views.Tab? {
    var x = 0
    for (tab, label) in zip(Views.tabs, labels(columns: room(left(of: narrowing, columns)))) {
      if column >= x, column < x + label.count { return tab }
      x += label.count
    }
    return nil
  }

  /// Columns for tabs and pages. The filter needs at most two thirds of the line.
  private func left(of right: StyledLine, _ columns: Int) -> Int { columns - min(right.columns, columns * 2 / 3) }

  /// Columns for the tabs: the names of open pages have precedence over full tab names, up to half of the line.
  private func room(_ columns: Int) -> Int { max(columns / 2, columns - crumbs.columns) }

  private var crumbs: StyledLine {
    var line = StyledLine()
    for name in pages { line.add(" \(glyphs.folded) \(name.short(glyphs))", .accent) }
    return line
  }

  func draw(into frame: inout Frame, _ area: Rect) {
    let right = narrowing
    let left = left(of: right, area.width)
    var line = StyledLine()
    for (tab, label) in zip(Views.tabs, labels(columns: room(left))) {
      let isActive = tab.views.contains(app.view)
      line.add(label, isActive ? .accent : .dim, isActive ? .strong : [])
    }
    line.add(crumbs)
    frame.put(line, x: area.x, y: area.y, width: left, ellipsis: glyphs.ellipsis)
    frame.put(right, x: area.x + left, y: area.y, width: area.width - left, ellipsis: glyphs.ellipsis)
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
