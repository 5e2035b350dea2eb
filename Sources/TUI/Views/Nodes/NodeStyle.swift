import Core

/// Maps a node's verdict to its glyph, colour role and label.
struct NodeStyle {
  let glyphs: Glyphs

  func glyph(_ verdict: NodeVerdict) -> Unicode.Scalar {
    switch verdict {
    case .even: glyphs.running
    case .unknown: glyphs.pending
    case .skewed, .slow: glyphs.stuck
    case .silent: glyphs.failed
    }
  }

  func role(_ verdict: NodeVerdict) -> StyleRole {
    switch verdict {
    case .even: .ok
    case .unknown: .dim
    case .skewed, .slow: .warning
    case .silent: .failed
    }
  }

  /// "▲ skewed".
  func verdict(_ verdict: NodeVerdict) -> String { "\(glyph(verdict)) \(verdict.rawValue)" }

  /// What the verdict says, for the help.
  static func meaning(_ verdict: NodeVerdict) -> String {
    switch verdict {
    case .even: "its share is within what chance allows"
    case .unknown: "too little work, or no other node does the same"
    case .skewed: "the shares differ by more than chance (p < 0.01)"
    case .slow: "a step takes 1.5 times as long as elsewhere, or more"
    case .silent: "it worked, and no longer does while its peers do"
    }
  }
}
