import Core

/// The second line: the views, what was opened over them, and what narrows the list.
/// Not copyable: the compiler would generate large copy functions for a type that holds the whole app.
struct TabsLine: ~Copyable {
  let app: App
  let glyphs: Glyphs

  /// The tabs' names: whole where all fit, else the long ones by their short words, else as many letters of each as let all fit.
  private static func label(_ tab: Views.Tab, columns: Int) -> String {
    for gap in ["  ", " "] {
      for names in [Views.tabs.map(\.name), Views.tabs.map(\.short)]
      where names.reduce(0, { $0 + $1.count + 2 + gap.count }) <= columns {
        return "\(gap.dropFirst()) \(tab.key) \(names == Views.tabs.map(\.name) ? tab.name : tab.short)"
      }
    }
    let letters = (2...20).last { letters in
      Views.tabs.reduce(0) { $0 + min($1.name.count, letters) + 3 } <= columns
    }
    return " \(tab.key) \(tab.name.prefix(letters ?? 2))"
  }

  /// The tab that lies at a column of a screen of so many.
  func tab(at column: Int, of columns: Int) -> Views.Tab? {
    let room = room(columns)
    var x = 0
    for tab in Views.tabs {
      let width = Self.label(tab, columns: room).count
      if column >= x, column < x + width { return tab }
      x += width
    }
    return nil
  }

  /// For the tabs: where one is matters more than whole words.
  private func room(_ columns: Int) -> Int { max(columns / 2, columns - crumbs.columns) }

  private var crumbs: StyledLine {
    var line = StyledLine()
    for name in pages { line.add(" \(glyphs.folded) \(name.short(glyphs))", .accent) }
    return line
  }

  func draw(into frame: inout Frame, _ area: Rect) {
    let room = room(area.width)
    var line = StyledLine()
    for tab in Views.tabs {
      let isActive = tab.views.contains(app.view)
      line.add(Self.label(tab, columns: room), isActive ? .accent : .dim, isActive ? .strong : [])
    }
    line.add(crumbs)
    frame.put(line, x: area.x, y: area.y, width: area.width, ellipsis: glyphs.ellipsis)
    let right = narrowing
    guard !right.isEmpty else { return }
    // What narrows the list must be known: where there is no room beside the tabs it covers the last of them.
    let width = min(right.columns, area.width * 2 / 3)
    frame.put(right, x: area.x + area.width - width, y: area.y, width: width, ellipsis: glyphs.ellipsis)
  }

  /// Those over the topmost list.
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
