import Core

/// The page of one subject, opened over a list or another page. A value type: `read` fills it, and its lines depend on nothing else.
package protocol Page: Sendable {
  var document: Document { get set }
  var name: PageName { get }

  /// Reads the subject. Called only once while the screen is frozen.
  mutating func read(_ request: ReadRequest)
  /// Reads the texts of unfolded messages. Called after `read`, also while frozen.
  mutating func readMessages(_ source: any ContentSource)
  /// The lines for the width of the screen.
  func lines(_ context: DrawContext) -> [PageLine]

  /// The text that `y` copies.
  var copied: String { get }
  /// The page of the subject's saga; `nil` if there is none, or if the page is that of a saga.
  var saga: SagaPage? { get }
  func subjects(of scope: ActionName.Scope) -> [ActionSubject]
}

extension Page {
  package mutating func readMessages(_ source: any ContentSource) {}
  package var saga: SagaPage? { nil }
  package func subjects(of scope: ActionName.Scope) -> [ActionSubject] { [] }

  package var title: String { "\(name.word) \(name.text)" }
}

/// "lock inventory:lock:1"; `columns` is the maximum width of the name next to the tabs.
package struct PageName: Sendable {
  let word: String
  let text: String
  var columns = 24

  func short(_ glyphs: Glyphs) -> String {
    "\(word) \(Truncation.middle(text, columns: columns, ellipsis: glyphs.ellipsis))"
  }
}

/// The content of the screen: a list or a page.
package enum Layer: Sendable {
  case list(any ListScreen)
  case page(any Page)

  /// Only a part is shown, or rows are marked. The line of tabs shows this, so it is visible at every size.
  var isNarrowed: Bool {
    switch self {
    case .list(let list): list.filter.isActive || list.hasMarks
    case .page(let page): !page.document.search.isEmpty
    }
  }
}

/// Draws the visible part of a page.
struct PageScreen {
  let lines: [PageLine]
  let document: Document
  let glyphs: Glyphs

  func draw(into frame: inout Frame, _ area: Rect) {
    for (index, line) in lines.dropFirst(document.top).prefix(area.height).enumerated() {
      let y = area.y + index
      let text = line.line
      frame.put(text, x: area.x, y: y, width: area.width, ellipsis: glyphs.ellipsis)
      highlight(text.text, y: y, into: &frame, area)
      guard line.id != nil, line.id == document.cursor else { continue }
      frame.put(String(glyphs.cursor), x: area.x, y: y, role: .accent)
      frame.emphasize(Rect(x: area.x, y: y, width: area.width, height: 1), .selected)
    }
    let hidden = lines.count - document.top - area.height
    guard hidden > 0, area.height > 2 else { return }
    let more = " \(hidden) more below "
    frame.put(
      more, x: area.x + area.width - more.count, y: area.y + area.height - 1, role: .dim)
  }

  private func highlight(_ text: String, y: Int, into frame: inout Frame, _ area: Rect) {
    guard !document.search.isEmpty else { return }
    let text = Array(text.lowercased()), needle = Array(document.search.lowercased())
    guard needle.count <= text.count else { return }
    for start in 0...(text.count - needle.count) where text[start..<start + needle.count].elementsEqual(needle) {
      let x = TextWidth.columns(of: String(text[..<start]))
      let width = TextWidth.columns(of: String(needle))
      frame.recolor(Rect(x: area.x + x, y: y, width: min(width, area.width - x), height: 1), to: .match)
    }
  }
}
