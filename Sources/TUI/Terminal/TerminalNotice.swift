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
  package static func sequence(title: String, text: String, desktop: Desktop?, rings: Bool) -> String {
    let bell = rings ? "\u{7}" : ""
    switch desktop {
    case .osc9: return "\u{1b}]9;\(safe("\(title): \(text)"))\u{1b}\\" + bell
    case .osc777: return "\u{1b}]777;notify;\(safe(title));\(safe(text))\u{1b}\\" + bell
    case nil: return bell
    }
  }

  private static func safe(_ text: String) -> String {
    String(Sanitizer.sanitized(text).prefix(longest)).replacing(";", with: ",")
  }
}
