import Core

/// Maps a lag verdict to its glyph, colour role and label.
struct LagStyle {
  let glyphs: Glyphs

  func glyph(_ verdict: LagVerdict) -> Unicode.Scalar {
    switch verdict {
    case .ok: glyphs.running
    case .none: glyphs.pending
    case .unknown: glyphs.skipped
    case .warning, .blocked, .stalled: glyphs.stuck
    case .rewound, .recreated: glyphs.compensating
    case .truncated, .stopped, .empty: glyphs.failed
    }
  }

  func role(_ verdict: LagVerdict) -> StyleRole {
    switch verdict {
    case .ok: .ok
    case .none, .unknown: .dim
    case .warning, .rewound, .recreated, .blocked: .warning
    case .stalled: .stuck
    case .truncated: .failed
    case .stopped, .empty: .critical
    }
  }

  /// A less prominent colour for sentences, because they are long.
  func sentenceRole(_ verdict: LagVerdict) -> StyleRole {
    if verdict.isTrouble { return .error }
    return verdict == .warning ? .warning : .text
  }

  /// "▲ stalled".
  func verdict(_ verdict: LagVerdict) -> String { "\(glyph(verdict)) \(verdict.rawValue)" }

  /// A small varying lag is also "not draining", but it is no problem.
  static func drainRole(_ row: GroupRow) -> StyleRole {
    if row.lag == 0 || row.verdict == .ok { return .dim }
    return row.drain == .notDraining ? .warning : .text
  }

  /// The explanation of the verdict in the help.
  static func meaning(_ verdict: LagVerdict) -> String {
    switch verdict {
    case .ok: "it reads, and its lag is allowed or does not grow"
    case .none: "it never committed, or reads the topic no more"
    case .unknown: "not known, or not observed for long enough to judge"
    case .warning: "it reads, but its lag grows"
    case .rewound: "its commit went back: messages are read again"
    case .recreated: "the topic was recreated: its end went back"
    case .blocked: "an open transaction keeps messages from it"
    case .truncated: "messages were deleted before it had read them"
    case .stalled: "it has members and unread messages, but stands still"
    case .stopped: "no commits any more while messages wait"
    case .empty: "it has no members while messages wait"
    }
  }
}
