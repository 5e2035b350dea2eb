/// The keys of what is in front, written from the key table.
struct HelpScreen {
  let scope: KeyTable.Scope
  var keys = KeyTable.standard

  private static let keyColumns = 22

  /// Which keys, then what they do.
  var lines: [StyledLine] {
    [StyledLine(" keys \(Self.title(scope))", .heading, .strong)]
      + keys.bindings(in: scope).map { binding in
        let names = binding.keys.map(\.name).joined(separator: " ")
        var line = StyledLine(
          "   \(names)" + String(repeating: " ", count: max(1, Self.keyColumns - names.count)), .key)
        line.add(binding.sentence)
        return line
      }
  }

  static func title(_ scope: KeyTable.Scope) -> String {
    switch scope {
    case .sagas: "in the lists of sagas"
    case .events: "in the list of events"
    case .page: "in the page of a saga or event"
    case .help: "in the help"
    }
  }

  static func maxTop(scope: KeyTable.Scope, layout: ScreenLayout) -> Int {
    max(0, HelpScreen(scope: scope).lines.count - layout.help.height)
  }

  func draw(into frame: inout Frame, _ layout: ScreenLayout, top: Int, glyphs: Glyphs) {
    let area = layout.help
    let lines = lines
    frame.fill(area)
    for (index, line) in lines.dropFirst(top).prefix(area.height).enumerated() {
      frame.put(line, x: area.x, y: area.y + index, width: area.width, ellipsis: glyphs.ellipsis)
    }
    let hidden = lines.count - top - area.height
    guard hidden > 0 else { return }
    let more = " \(hidden) more below "
    frame.put(more, x: area.width - more.count, y: area.y + area.height - 1, role: .accent)
  }
}
