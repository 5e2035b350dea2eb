import Core

/// The steps of a saga in one table cell: `order━━inventory━━payment▲`. With less room the names are shortened, then replaced by glyphs.
///
/// The form depends on the names of all steps and on the width, not on the progress of the saga, so that rows keep their form. Only a
/// compensation, which is appended after the steps, can require a shorter one.
struct StepsBar {
  private enum Form: Equatable {
    case names(letters: Int, joint: Int)
    case glyphs
  }

  private static let forms: [Form] = [
    .names(letters: .max, joint: 2), .names(letters: .max, joint: 1), .names(letters: 5, joint: 1),
    .names(letters: 3, joint: 1), .glyphs,
  ]

  let row: SagaRow
  let glyphs: Glyphs
  private var look: SagaStyle { SagaStyle(glyphs: glyphs) }

  /// Separates the names from a glyph that is a letter.
  private var colon: String { glyphs.failed.properties.isAlphabetic ? ":" : "" }

  func line(columns: Int) -> StyledLine {
    let forward = Self.forms.firstIndex { fits(allStepsIn: $0, columns) } ?? Self.forms.count - 1
    for form in Self.forms[forward...] {
      let line = line(form)
      if line.columns <= columns { return line }
    }
    return line(.glyphs)
  }

  private func fits(allStepsIn form: Form, _ columns: Int) -> Bool {
    guard case .names(let letters, let joint) = form else { return true }
    let names = row.steps.reduce(0) { $0 + TextWidth.columns(of: short($1.name, letters)) }
    return names + joint * max(0, row.steps.count - 1) + colon.count + 1 <= columns
  }

  private func short(_ name: String, _ letters: Int) -> String {
    letters == .max ? name : String(name.prefix(letters))
  }

  private func line(_ form: Form) -> StyledLine {
    switch form {
    case .names(let letters, let joint): named(letters, joint)
    case .glyphs: glyphRow
    }
  }

  private var glyphRow: StyledLine {
    var line = StyledLine()
    for step in row.steps { line.add(glyph(step), role(step)) }
    return line
  }

  private func named(_ letters: Int, _ joint: Int) -> StyledLine {
    var line = StyledLine()
    for step in reached {
      if !line.isEmpty { line.add(String(repeating: String(glyphs.stepDone), count: joint), .dim) }
      line.add(short(step.name, letters), isCurrent(step) ? role(step) : .text, isCurrent(step) ? .strong : [])
      if let ending = ending(step) { line.add(colon + String(ending), role(step), .strong) }
    }
    for step in undone {
      line.add(" ")
      line.add(String(look.glyph(step.status)) + colon, look.role(step.status))
      line.add(short(step.name, letters), look.role(step.status))
    }
    return line
  }

  /// The started steps, in order; skipped steps are omitted.
  private var reached: [StepView] {
    row.steps.filter { $0.status != .pending && $0.status != .skipped }
  }

  private var undone: [StepView] {
    row.steps.reversed().filter { [.compensating, .compensated, .compensationFailed].contains($0.status) }
  }

  private func isCurrent(_ step: StepView) -> Bool {
    step.status == .running || step.status == .failed || step.name == row.failedStep
  }

  private func ending(_ step: StepView) -> Unicode.Scalar? {
    if step.status == .failed || step.name == row.failedStep { return glyphs.failed }
    guard step.status == .running else { return nil }
    return row.flags.contains(.stuck) ? glyphs.stuck : glyphs.stepRunning
  }

  private func glyph(_ step: StepView) -> Unicode.Scalar {
    step.status == .running && row.flags.contains(.stuck) ? glyphs.stuck : look.glyph(step.status)
  }

  private func role(_ step: StepView) -> StyleRole {
    if step.status == .running && row.flags.contains(.stuck) { return .stuck }
    return step.name == row.failedStep ? .failed : look.role(step.status)
  }
}
