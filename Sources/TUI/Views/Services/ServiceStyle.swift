import Core
import Text

/// Maps the state of a service to glyph, colour role and label.
struct ServiceStyle {
  let glyphs: Glyphs

  func glyph(_ verdict: ServiceVerdict) -> Unicode.Scalar {
    switch verdict {
    case .up: glyphs.running
    case .unknown: glyphs.skipped
    case .degraded: glyphs.stuck
    case .down: glyphs.failed
    }
  }

  func role(_ verdict: ServiceVerdict) -> StyleRole {
    switch verdict {
    case .up: .ok
    case .unknown: .dim
    case .degraded: .warning
    case .down: .critical
    }
  }

  /// A less prominent colour for sentences, because they are long.
  func sentenceRole(_ verdict: ServiceVerdict) -> StyleRole {
    switch verdict {
    case .up: .text
    case .unknown: .dim
    case .degraded: .warning
    case .down: .error
    }
  }

  /// "✖ down"; "▲ degraded↺" while it is flapping.
  func verdict(_ verdict: ServiceVerdict, isFlapping: Bool = false) -> String {
    "\(glyph(verdict)) \(verdict.rawValue)" + (isFlapping ? String(glyphs.compensating) : "")
  }

  func glyph(_ state: CircuitState) -> Unicode.Scalar {
    switch state {
    case .closed: glyphs.running
    case .disabled: glyphs.skipped
    case .halfOpen: glyphs.stuck
    case .open, .forcedOpen: glyphs.failed
    }
  }

  func role(_ state: CircuitState) -> StyleRole {
    switch state {
    case .closed: .ok
    case .disabled: .dim
    case .halfOpen: .warning
    case .open, .forcedOpen: .failed
    }
  }

  func role(_ meaning: HealthWords.Meaning?) -> StyleRole {
    switch meaning {
    case .up: .ok
    case .degraded: .warning
    case .down: .failed
    case .unknown, nil: .dim
    }
  }

  /// "4m12s"; ">4m12s" if the state existed before the first poll.
  static func age(_ since: Since?, now: Timestamp) -> String {
    guard let since else { return Quantity.unknown }
    return (since.isAtLeast ? ">" : "") + Quantity.age(now - since.time)
  }

  /// The explanation of the verdict in the help.
  static func meaning(_ verdict: ServiceVerdict) -> String {
    switch verdict {
    case .up: "it answers, and says that it is up"
    case .unknown: "not polled yet, cannot be polled, or does not say"
    case .degraded: "it answers, but slowly, or a part of it does not work"
    case .down: "it does not answer, or says that it is down"
    }
  }
}
