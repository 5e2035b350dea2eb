import Core

/// List of themes over the front layer: the selected one is applied at once, Enter accepts it, Esc restores the previous one.
package struct ThemeChooser: Sendable, Equatable {
  let names: [String]
  private let original: Int
  private(set) var place: Int

  init(_ names: [String], current: String) {
    self.names = names
    original = names.firstIndex(of: current) ?? 0
    place = original
  }

  var name: String { names[place] }

  enum Answer: Equatable {
    case show(String)
    case keep(String)
    case restore(String)
    case nothing
  }

  mutating func answer(_ key: Key) -> Answer {
    switch key {
    case .down, .character("j"), .character("T"), .tab: move(to: place + 1)
    case .up, .character("k"), .backTab: move(to: place - 1)
    case .home, .character("g"): move(to: 0)
    case .end, .character("G"): move(to: names.count - 1)
    case .enter: return .keep(name)
    case .escape, .character("q"): return .restore(names[original])
    default: return .nothing
    }
    return .show(name)
  }

  private mutating func move(to place: Int) { self.place = (place + names.count) % names.count }

  /// Drawn in the upper right corner, so that most of the recoloured screen is visible.
  func draw(into frame: inout Frame, glyphs: Glyphs) {
    let width = min(frame.size.columns, (names.map(\.count).max() ?? 0) + 8)
    var area = Rect(
      x: frame.size.columns - width, y: 1, width: width, height: min(names.count + 2, frame.size.rows - 2))
    frame.box(area, glyphs, role: .accent)
    frame.put(" theme ", x: area.x + 2, y: area.y, width: width - 4, role: .heading, emphasis: .strong)
    area = area.inset(x: 1, y: 1)
    let top = max(0, min(place - area.height + 1, names.count - area.height))
    for (index, name) in names.dropFirst(top).prefix(area.height).enumerated() {
      let y = area.y + index
      let isChosen = top + index == place
      let sign = isChosen ? String(glyphs.cursor) : top + index == original ? String(glyphs.mark) : " "
      frame.put(" \(sign) \(name)", x: area.x, y: y, width: area.width, role: isChosen ? .accent : .text)
      if isChosen { frame.emphasize(Rect(x: area.x, y: y, width: area.width, height: 1), .selected) }
    }
  }
}

extension App {
  mutating func chooseTheme(now: Timestamp) {
    guard !themes.isEmpty else { return say("no theme to choose from", isError: true, now: now) }
    themeChooser = ThemeChooser(themes, current: theme)
  }

  /// Handles a key while the chooser is open.
  mutating func chooseTheme(_ key: Key, now: Timestamp) -> Effect? {
    guard var chooser = themeChooser else { return nil }
    let answer = chooser.answer(key)
    themeChooser = chooser
    switch answer {
    case .show(let name): return .theme(name)
    case .keep(let name):
      themeChooser = nil
      theme = name
      say("theme \(name) until you quit; `theme: \(name)` in the configuration keeps it", now: now)
      return .theme(name)
    case .restore(let name):
      themeChooser = nil
      return .theme(name)
    case .nothing: return nil
    }
  }
}
