/// Calls the operator through the terminal: the bell, and the notifications that some terminals show on the desktop.
package enum TerminalNotice {
  package enum Desktop: Sendable {
    /// iTerm2, kitty, WezTerm, Windows Terminal.
    case osc9
    /// urxvt, foot, VTE.
    case osc777
  }

  private static let longest = 200

  /// The bytes for it. Texts come from outside: what is no printable character is left out, and so is what separates fields.
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

  /// tmux drops what it does not know; this it hands to the terminal around it, where `allow-passthrough` is on.
  private static func passedOn(_ sequence: String) -> String {
    sequence.isEmpty ? "" : "\u{1b}Ptmux;\(sequence.replacing("\u{1b}", with: "\u{1b}\u{1b}"))\u{1b}\\"
  }

  private static func safe(_ text: String) -> String {
    String(Sanitizer.sanitized(text).prefix(longest)).replacing(";", with: ",")
  }
}
