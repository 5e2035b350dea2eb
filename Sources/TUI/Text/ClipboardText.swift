/// Text that is safe to paste into a shell: one line, without control characters and without characters that hide or reorder text.
struct ClipboardText {
  /// Terminals reject longer texts.
  private static let mostBytes = 4096

  let text: String
  /// Whether something was removed.
  let isChanged: Bool

  /// `nil` if nothing remains.
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
