import Core

/// Maps the state of sagas and steps to glyph, colour role and label.
struct SagaStyle {
  let glyphs: Glyphs

  func glyph(_ row: SagaRow) -> Unicode.Scalar {
    row.flags.contains(.stuck) ? glyphs.stuck : glyph(row.status)
  }

  func glyph(_ status: SagaStatus) -> Unicode.Scalar {
    switch status {
    case .running: glyphs.running
    case .completed: glyphs.completed
    case .compensating: glyphs.compensating
    case .compensated: glyphs.compensated
    case .failed: glyphs.failed
    case .declined: glyphs.declined
    case .ended: glyphs.ended
    }
  }

  func role(_ row: SagaRow) -> StyleRole {
    row.flags.contains(.stuck) ? .stuck : role(row.status)
  }

  func role(_ status: SagaStatus) -> StyleRole {
    switch status {
    case .running: .running
    case .completed: .completed
    case .compensating: .compensating
    case .compensated: .compensated
    case .failed: .failed
    case .declined, .ended: .dim
    }
  }

  /// "▲ stuck", "⟲ compensating". A stuck compensation shows both glyphs. `?` and `!` mean the flags `incomplete` and `inconsistent`.
  func status(_ row: SagaRow) -> String {
    var text =
      row.flags.contains(.stuck) ? "\(glyphs.stuck) stuck" : "\(glyph(row.status)) \(row.ending ?? row.status.name)"
    if row.flags.contains(.stuck), row.status == .compensating { text += " \(glyphs.compensating)" }
    if row.flags.contains(.incomplete) { text += " ?" }
    if row.flags.contains(.inconsistent) { text += " !" }
    return text
  }

  func glyph(_ status: StepStatus) -> Unicode.Scalar {
    switch status {
    case .pending: glyphs.pending
    case .running: glyphs.running
    case .completed: glyphs.completed
    case .failed, .compensationFailed: glyphs.failed
    case .compensating: glyphs.compensating
    case .compensated: glyphs.compensated
    case .skipped: glyphs.skipped
    }
  }

  func role(_ status: StepStatus) -> StyleRole {
    switch status {
    case .pending, .skipped: .dim
    case .running: .running
    case .completed: .completed
    case .failed, .compensationFailed: .failed
    case .compensating: .compensating
    case .compensated: .compensated
    }
  }

  /// The word for a step's state in sentences.
  func word(_ status: StepStatus) -> String {
    status == .compensationFailed ? "compensation failed" : status.rawValue
  }
}
