import Core
import Text

/// The dialog of an action: a box over the middle of the screen with the text, the question and its buttons.
struct ActionDialogBox {
  private static let widest = 110

  let dialog: ActionDialog
  let records: [ActionRecord]
  /// State of the run that is shown; `nil` if none is in progress.
  var run: ActionRunState?
  let glyphs: Glyphs

  func draw(into frame: inout Frame) {
    let width = min(frame.size.columns - 2, Self.widest)
    let foot = foot(columns: width - 4)
    // The first and the last row of the screen stay free; the border needs two rows.
    let space = frame.size.rows - 4 - foot.count
    let text = ActionDialogText(
      dialog: dialog, records: records, columns: width - 4, glyphs: glyphs, sample: space < 24 ? 3 : 6)
    let lines = text.lines
    let room = max(1, min(lines.count, space))
    let height = room + foot.count + 2
    let box = Rect(
      x: (frame.size.columns - width) / 2, y: max(1, (frame.size.rows - height) / 2), width: width, height: height)
    drawBorder(into: &frame, box, text.title)
    let top = max(0, min(dialog.top, lines.count - room))
    for (row, line) in lines.dropFirst(top).prefix(room).enumerated() {
      frame.put(line, x: box.x + 2, y: box.y + 1 + row, width: width - 4, ellipsis: glyphs.ellipsis)
    }
    drawHidden(into: &frame, box, above: top, below: lines.count - top - room)
    for (row, line) in foot.enumerated() {
      frame.put(line, x: box.x + 2, y: box.y + box.height - 1 - foot.count + row, width: width - 4)
    }
  }

  private var role: StyleRole { dialog.plan?.isProtected == true ? .critical : .accent }

  private func drawBorder(into frame: inout Frame, _ box: Rect, _ title: String) {
    frame.box(box, glyphs, role: role)
    var line = StyledLine(" \(title)", .heading, .strong)
    if let plan = dialog.plan {
      line.add(" in ", .dim)
      line.add(plan.isProtected ? " \(plan.context) " : plan.context, plan.isProtected ? .protected : .accent, .strong)
    }
    line.add(" ")
    frame.put(line, x: box.x + 2, y: box.y, width: box.width - 4, ellipsis: glyphs.ellipsis)
  }

  private func drawHidden(into frame: inout Frame, _ box: Rect, above: Int, below: Int) {
    let words = [(above, "above"), (below, "below")].filter { $0.0 > 0 }.map { "\($0.0) more \($0.1)" }
    guard !words.isEmpty else { return }
    let text = " \(words.joined(separator: ", ")) "
    frame.put(text, x: box.x + max(2, box.width - 2 - text.count), y: box.y + box.height - 1, role: .accent)
  }

  /// The lines below the text: error, question, buttons and keys.
  private func foot(columns: Int) -> [StyledLine] {
    var lines = [StyledLine()]
    if let error = dialog.error { lines.append(StyledLine(error, .error)) }
    switch dialog.phase {
    case .planning: lines.append(keys([("Esc", "close")]))
    case .refused: lines += [keys(choice + insistences + [("Esc", "close")])]
    case .asking(let plan):
      if !(choice + insistences).isEmpty { lines.append(keys(choice + insistences)) }
      lines += question(plan, columns: columns)
    case .starting: lines.append(keys([("Esc", "close; it is sent nevertheless")]))
    case .running(let plan):
      if let pause = run?.pause {
        lines += StyledLine("\(glyphs.stuck) paused: \(pause)", .warning, .strong)
          .wrapped(columns: columns, indent: 2, maxLines: 3)
      } else if let note = run?.note {
        lines.append(StyledLine(note, .warning))
      }
      lines.append(running(plan))
    }
    return lines
  }

  private var choice: [(String, String)] {
    guard dialog.alternative != nil else { return [] }
    return [("^A", dialog.isOfFilter ? "only what was marked or under the cursor" : "all that match the filter")]
  }

  private var insistences: [(String, String)] {
    let again = dialog.insistable(.again), newKey = dialog.insistable(.newKey)
    return (again > 0 ? [("^G", "include \(Quantity.grouped(again)) that were sent before")] : [])
      + (newKey > 0 ? [("^N", "use new keys for \(Quantity.grouped(newKey)) with an unknown outcome")] : [])
  }

  private func keys(_ keys: [(String, String)]) -> StyledLine {
    var line = StyledLine()
    for (key, what) in keys {
      line.add(key, .key)
      line.add(" \(what)   ", .dim)
    }
    return line
  }

  private func question(_ plan: ActionPlan, columns: Int) -> [StyledLine] {
    let what = ActionStyle.verb(plan.action)
    var line = StyledLine()
    if let typed = plan.confirmation.typed {
      line.add("type \(typed) to \(what): ", plan.isProtected ? .critical : .warning, .strong)
      line.add(dialog.typed.text, .text, .strong)
      line.add("_   ", .accent)
    } else {
      line.add("\(what) \(plan.items.count == 1 ? "it" : "them")? y/N   ", .warning, .strong)
    }
    let buttons = buttons(what)
    if line.columns + buttons.columns > columns { return [line, buttons] }
    line.add(buttons)
    return [line]
  }

  /// The button that Enter activates has a sign too, not only a colour.
  private func buttons(_ what: String) -> StyledLine {
    let pressed = dialog.button
    var line = StyledLine()
    for (button, word) in [(ActionDialog.Button.cancel, "Cancel"), (.confirm, what)] {
      let isPressed = button == pressed
      line.add(
        isPressed ? "\(glyphs.cursor)[ \(word) ]" : " [ \(word) ]", isPressed ? .accent : .dim, isPressed ? .strong : []
      )
      line.add("  ")
    }
    return line
  }

  private func running(_ plan: ActionPlan) -> StyledLine {
    if ActionProgressText.isOver(plan, records) { return keys([("Enter", "close")]) }
    let isSending = records.count < plan.items.count || records.contains { $0.outcome == .intended }
    guard isSending, plan.items.count > 1 else { return keys([("Esc", "close; the view actions shows its outcome")]) }
    if run?.pause != nil {
      return keys([("g", "go on"), ("c", "cancel the rest"), ("Esc", "close; it stays paused")])
    }
    let cancel = dialog.isCancelling ? ("", "pending requests are cancelled") : ("c", "cancel pending requests")
    return keys([cancel, ("Esc", "close; it continues")])
  }
}
