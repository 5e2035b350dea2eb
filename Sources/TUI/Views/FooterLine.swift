import Core

/// The last line: what is being typed, else what has just happened, else which keys there are.
struct FooterLine {
  let state: UIState
  var availability: [ActionName: ActionAvailability] = [:]
  let glyphs: Glyphs
  var keys = KeyTable.standard

  func draw(into frame: inout Frame, _ area: Rect) {
    if state.dialog != nil {
      frame.put(" Up Down scroll   Esc closes the dialog", x: area.x, y: area.y, width: area.width, role: .dim)
    } else if let prompt = state.prompt {
      draw(prompt, into: &frame, area)
    } else if let notice = state.notice {
      frame.put(
        " \(notice.text)", x: area.x, y: area.y, width: area.width, role: notice.isError ? .error : .accent,
        ellipsis: glyphs.ellipsis)
    } else {
      frame.put(hints(columns: area.width), x: area.x, y: area.y, width: area.width)
    }
  }

  private func hints(columns: Int) -> StyledLine {
    var line = StyledLine(" ")
    for binding in keys.bindings(in: state.scope) {
      guard let hint = binding.hint, let key = binding.keys.first else { continue }
      if let action = binding.command.action {
        guard let answer = availability[action] else { continue }
        if !answer.isPossible { addGreyed("(\(key.name) \(hint))  ", to: &line, columns) }
        guard answer.isPossible else { continue }
      }
      guard line.columns + key.name.count + hint.count + 3 <= columns else { continue }
      line.add(key.name, .key)
      line.add(" \(hint)  ", .dim)
    }
    return line
  }

  /// What is not possible now: the parentheses tell it where there is no colour.
  private func addGreyed(_ text: String, to line: inout StyledLine, _ columns: Int) {
    if line.columns + text.count <= columns { line.add(text, .dim) }
  }

  /// The end of a long line is shown, so that the cursor is.
  private func draw(_ prompt: Prompt, into frame: inout Frame, _ area: Rect) {
    let sign = prompt.kind == .command ? ":" : prompt.kind == .filter ? "/" : "search: "
    frame.put(sign, x: area.x, y: area.y, role: .accent, emphasis: .strong)
    let x = area.x + sign.count
    let room = max(1, area.width - sign.count - 1)
    var before = prompt.editor.beforeCursor[...]
    while TextWidth.columns(of: before) > room * 2 / 3, before.count > 1 { before = before.dropFirst() }
    let start = prompt.editor.cursor - before.count
    frame.put(prompt.editor.text.dropFirst(start), x: x, y: area.y, width: room)
    let cursor = x + TextWidth.columns(of: before)
    frame.emphasize(Rect(x: cursor, y: area.y, width: 1, height: 1), .selected)
    guard let error = prompt.error else { return }
    let used = cursor + max(2, TextWidth.columns(of: prompt.editor.text) - TextWidth.columns(of: before) + 2)
    frame.put(error, x: used, y: area.y, width: area.width - used, role: .error, ellipsis: glyphs.ellipsis)
  }
}
