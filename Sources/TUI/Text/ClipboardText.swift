/// Text that is safe to be pasted into a shell: one line without control characters, and nothing that hides or turns what is written.
struct ClipboardText {
  /// Terminals refuse more.
  private static let mostBytes = 4096

  let text: String
  /// Something was left out.
  let isChanged: Bool

  /// `nil` where nothing remains.
  init?(_ text: String) {
    var safe = String.UnicodeScalarView()
    var bytes = 0
    for scalar in text.unicodeScalars where Self.isSafe(scalar) {
      bytes += UTF8.width(scalar)
      guard bytes <= Self.mostBytes else { break }
      safe.append(scalar)
    }
    guard !safe.isEmpty else { return nil }
    self.text = String(safe)
    isChanged = safe.count != text.unicodeScalars.count
  }

  private static func isSafe(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.properties.generalCategory {
    case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .privateUse, .unassigned: false
    default: true
    }
  }
}
