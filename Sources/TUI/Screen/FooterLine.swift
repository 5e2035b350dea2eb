import Core

/// The last line: the prompt, otherwise the notice, otherwise the hints.
/// Not copyable: the compiler would generate large copy functions for a type that contains the whole app.
struct FooterLine: ~Copyable {
  let app: App
  let glyphs: Glyphs

  func draw(into frame: inout Frame, _ area: Rect) {
    if app.dialog != nil {
      frame.put(" Up Down scroll   Esc closes the dialog", x: area.x, y: area.y, width: area.width, role: .dim)
    } else if app.themeChooser != nil {
      frame.put(
        " Up Down show a theme   Enter keeps it   Esc goes back", x: area.x, y: area.y, width: area.width, role: .dim)
    } else if let prompt = app.prompt {
      draw(prompt, into: &frame, area)
    } else if let notice = app.notice {
      frame.put(
        " \(notice.text)", x: area.x, y: area.y, width: area.width, role: notice.isError ? .error : .accent,
        ellipsis: glyphs.ellipsis)
    } else {
      frame.put(hints(columns: area.width), x: area.x, y: area.y, width: area.width)
    }
  }

  /// As many hints as fit, in the order of the table. The last hint, how to quit, is always included.
  private func hints(columns: Int) -> StyledLine {
    let bindings = app.keys.bindings(in: app.scope)
    let fitting = bindings.filter { isFitting($0) }
    let hints = (fitting + bindings.filter { !isFitting($0) }).compactMap { hint($0) }
    var line = StyledLine(" ")
    line.add(app.pending.line(glyphs, app.keys))
    var room = columns - line.columns - (hints.last?.columns ?? 0)
    for hint in hints.dropLast() where hint.columns <= room {
      line.add(hint)
      room -= hint.columns
    }
    if let last = hints.last { line.add(last) }
    return line
  }

  /// Whether it is the most helpful action (`fittingAction`) and is possible.
  private func isFitting(_ binding: KeyMap.Binding) -> Bool {
    guard case .act(let action) = binding.command, app.isFrontList, app.frontList.fittingAction == action else {
      return false
    }
    return app.availability[action]?.isPossible == true
  }

  /// The label of a binding on the layer in front: the key that quits closes the layer above the bottom list first.
  private func label(_ binding: KeyMap.Binding) -> String? {
    guard binding.command == .quit else { return binding.hint }
    return app.isHelpOpen ? "close" : app.opened.isEmpty ? binding.hint : "back"
  }

  /// An impossible action is in parentheses, so that it is recognizable without colours.
  private func hint(_ binding: KeyMap.Binding) -> StyledLine? {
    guard let hint = label(binding), let key = binding.keys.first else { return nil }
    if case .act(let action) = binding.command {
      guard let answer = app.availability[action] else { return nil }
      if !answer.isPossible { return StyledLine("(\(key.name) \(hint))  ", .dim) }
    }
    var line = StyledLine(key.name, .key)
    line.add(" \(hint)  ", isFitting(binding) ? .accent : .dim, isFitting(binding) ? .strong : [])
    return line
  }

  /// Scrolls a long line so that the cursor is visible.
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
    guard let error = prompt.error ?? others(prompt) else { return }
    let used = cursor + max(2, TextWidth.columns(of: prompt.editor.text) - TextWidth.columns(of: before) + 2)
    frame.put(
      error, x: used, y: area.y, width: area.width - used,
      role: prompt.error == nil ? .dim : .error, ellipsis: glyphs.ellipsis)
  }

  /// The other candidates of the completion.
  private func others(_ prompt: Prompt) -> String? {
    prompt.completion.map { known in
      known.lines.map { $0.split { " :".contains($0) }.last.map(String.init) ?? $0 }.joined(separator: "  ")
    }
  }
}
