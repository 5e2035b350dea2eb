/// Notifies the operator through the terminal: the bell, and the desktop notifications of some terminals.
package enum TerminalNotice {
  package enum Desktop: Sendable {
    /// iTerm2, kitty, WezTerm, Windows Terminal.
    case osc9
    /// urxvt, foot, VTE.
    case osc777
  }

  private static let longest = 200

  /// The escape sequence. The texts are untrusted: unprintable characters and field separators are removed.
  package static func sequence(
    title: String, text: String, desktop: Desktop?, rings: Bool, isInTmux: Bool = false
  ) -> String {
    let notice =
      switch desktop {
      case .osc9: "\u{1b}]9;\(safe("\(title): \(text)"))\u{1b}\\"
      case .osc777: "\u{1b}]777;notify;\(safe(title));\(safe(text))\u{1b}\\"
      case nil: ""
      }
    return (isInTmux ? passedOn(notice) : notice) + (rings ? "\u{7}" : "")
  }

  /// tmux drops unknown sequences. In this wrapper it forwards them to the outer terminal, if `allow-passthrough` is on.
  private static func passedOn(_ sequence: String) -> String {
    sequence.isEmpty ? "" : "\u{1b}Ptmux;\(sequence.replacing("\u{1b}", with: "\u{1b}\u{1b}"))\u{1b}\\"
  }

  private static func safe(_ text: String) -> String {
    String(Sanitizer.sanitized(text).prefix(longest)).replacing(";", with: ",")
  }
}
