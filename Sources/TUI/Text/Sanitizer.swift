/// Makes external text safe for the terminal: control characters, direction changes and characters that cannot be drawn are replaced by
/// visible text.
package enum Sanitizer {
  /// Calls `body` with each scalar to draw for `text`.
  package static func forEach(in text: some StringProtocol, _ body: (Unicode.Scalar) -> Void) {
    forEach(
      in: text,
      while: { scalar in
        body(scalar)
        return true
      })
  }

  /// The same, but stops when `body` returns false: texts can have megabytes.
  static func forEach(in text: some StringProtocol, while body: (Unicode.Scalar) -> Bool) {
    for scalar in text.unicodeScalars {
      let isPlain = scalar.value >= 0x20 && scalar.value < 0x7f
      guard isPlain ? body(scalar) : replace(scalar, body) else { return }
    }
  }

  package static func sanitized(_ text: some StringProtocol) -> String {
    var result = String.UnicodeScalarView()
    forEach(in: text) { result.append($0) }
    return String(result)
  }

  private static func replace(_ scalar: Unicode.Scalar, _ body: (Unicode.Scalar) -> Bool) -> Bool {
    switch scalar.value {
    case 0x09, 0xa0: body(" ")
    case 0..<0x20, 0x7f: body("^") && body(Unicode.Scalar(UInt8(scalar.value) ^ 0x40))
    // Joiners and variation selectors are dropped: terminals disagree on the width of joined characters.
    case 0x200c, 0x200d, 0xfe00...0xfe0f, 0xe0100...0xe01ef: true
    default: isDrawable(scalar) ? body(scalar) : escape(scalar, body)
    }
  }

  private static func isDrawable(_ scalar: Unicode.Scalar) -> Bool {
    let properties = scalar.properties
    // Characters newer than the C library's Unicode version have no width there, and ncurses cannot draw them.
    guard let age = properties.age, age.major <= TextWidth.unicodeVersion else { return false }
    return switch properties.generalCategory {
    case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .privateUse, .unassigned: false
    default: true
    }
  }

  private static func escape(_ scalar: Unicode.Scalar, _ body: (Unicode.Scalar) -> Bool) -> Bool {
    "\\u{\(String(scalar.value, radix: 16))}".unicodeScalars.allSatisfy(body)
  }
}
