import Core

/// Help for the keys of the front layer, generated from the key map.
struct HelpScreen {
  let scope: KeyMap.Scope
  var availability: [ActionName: ActionAvailability] = [:]
  var keys = KeyMap.standard

  private static let keyColumns = 22

  /// The keys, then the legend of the columns.
  var lines: [StyledLine] { keyLines + notes }

  var keyLines: [StyledLine] {
    [StyledLine(" keys \(Self.place(scope))", .heading, .strong)]
      + keys.bindings(in: scope).map { binding in
        let names = binding.keys.map(\.name).joined(separator: " ")
        var line = StyledLine(
          "   \(names)" + String(repeating: " ", count: max(1, Self.keyColumns - names.count)), .key)
        if case .act(let action) = binding.command, case .impossible(let why) = availability[action] {
          line.add("\(binding.sentence)  (not now: \(why))", .dim)
        } else {
          line.add(binding.sentence)
        }
        return line
      }
  }

  /// The legend of the view's columns.
  private var notes: [StyledLine] {
    guard case .list(let id) = scope, case let notes = Views.type(of: id).legend, !notes.isEmpty else { return [] }
    return [StyledLine(), StyledLine(" meaning of the columns", .heading, .strong)]
      + notes.map { name, sentence in
        var line = StyledLine("   \(name)" + String(repeating: " ", count: max(1, Self.keyColumns - name.count)), .key)
        line.add(sentence)
        return line
      }
  }

  static func place(_ scope: KeyMap.Scope) -> String {
    switch scope {
    case .list(let id): Views.type(of: id).place
    case .page: "in the page of a saga, event, group, lock, service or action"
    case .help: "in the help"
    }
  }

  func maxTop(_ layout: ScreenLayout) -> Int { max(0, lines.count - layout.help.height) }

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
