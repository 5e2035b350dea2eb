import Core
import Text

/// Maps actions and their outcomes to glyph, colour role and label.
struct ActionStyle {
  let glyphs: Glyphs

  /// One outcome of each kind. Outcomes that need a person come first.
  static let samples: [ActionOutcome] = [
    .unknown(""), .refused(status: nil, message: ""), .failedAgain(""), .notObserved(after: .zero), .intended, .sent,
    .accepted(nil),
    .observed(after: .zero), .skipped(""), .cancelled,
  ]

  /// "give up", for `give-up`.
  static func name(_ action: ActionName) -> String {
    String(action.rawValue.map { $0 == "-" ? " " : $0 })
  }

  /// The verb before the subject: "retry", "release".
  static func verb(_ action: ActionName) -> String {
    action == .releaseLock ? "release" : name(action)
  }

  /// "1 saga", "12 sagas"; without a number for the system.
  static func things(_ action: ActionName, count: Int) -> String {
    let noun =
      switch action.scope {
      case .saga: "saga"
      case .lock: "lock"
      case .deadLetter: "dead letter"
      case .system: "system"
      }
    return "\(Quantity.grouped(count)) \(noun)\(count == 1 ? "" : "s")"
  }

  func glyph(_ outcome: ActionOutcome) -> Unicode.Scalar {
    switch outcome {
    case .intended: glyphs.pending
    case .sent, .accepted: glyphs.running
    case .refused, .failedAgain: glyphs.failed
    case .unknown: "?"
    case .observed: glyphs.completed
    case .notObserved: glyphs.stuck
    case .skipped, .cancelled: glyphs.skipped
    }
  }

  static func role(_ outcome: ActionOutcome) -> StyleRole {
    switch outcome {
    case .intended, .skipped, .cancelled: .dim
    case .sent, .accepted: .running
    case .refused, .failedAgain: .failed
    case .unknown: .warning
    case .observed: .ok
    case .notObserved: .stuck
    }
  }

  /// "observed in 3.2s", "refused 409: already running".
  static func sentence(_ outcome: ActionOutcome) -> String {
    guard let detail = outcome.detail, !detail.isEmpty else { return outcome.name }
    switch outcome {
    case .observed, .notObserved, .refused(.some, _): return "\(outcome.name) \(detail)"
    default: return "\(outcome.name): \(detail)"
    }
  }

  /// The sentence with its glyph.
  func line(_ outcome: ActionOutcome) -> StyledLine {
    StyledLine("\(glyph(outcome)) \(Self.sentence(outcome))", Self.role(outcome))
  }
}
