/// Makes text from outside harmless: nothing that a terminal could take for a command, that turns the direction of text, or that
/// has no picture passes through. What was there stays visible.
package enum Sanitizer {
  /// Gives the scalars that are drawn for `text`, one after the other.
  package static func forEach(in text: some StringProtocol, _ body: (Unicode.Scalar) -> Void) {
    for scalar in text.unicodeScalars {
      let value = scalar.value
      if value >= 0x20, value < 0x7f {
        body(scalar)
      } else {
        replace(scalar, body)
      }
    }
  }

  package static func sanitized(_ text: some StringProtocol) -> String {
    var result = String.UnicodeScalarView()
    forEach(in: text) { result.append($0) }
    return String(result)
  }

  private static func replace(_ scalar: Unicode.Scalar, _ body: (Unicode.Scalar) -> Void) {
    switch scalar.value {
    case 0x09, 0xa0:
      body(" ")
    case 0..<0x20, 0x7f:
      body("^")
      body(Unicode.Scalar(UInt8(scalar.value) ^ 0x40))
    case 0x200c, 0x200d, 0xfe00...0xfe0f:
      // Joiners and variation selectors: terminals disagree on the width of what they join.
      break
    default:
      if isDrawable(scalar) { body(scalar) } else { escape(scalar, body) }
    }
  }

  private static func isDrawable(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.properties.generalCategory {
    case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .privateUse, .unassigned: false
    default: true
    }
  }

  private static func escape(_ scalar: Unicode.Scalar, _ body: (Unicode.Scalar) -> Void) {
    for character in "\\u{\(String(scalar.value, radix: 16))}".unicodeScalars { body(character) }
  }
}
