/// Escapes and unescapes JSON strings.
package enum JSONString {
  package enum Escaping: Sendable {
    /// Only what JSON requires, and DEL.
    case minimal
    /// Also every character that a terminal may interpret: control, format (such as changes of text direction) and private use
    /// characters.
    case terminalSafe
  }

  /// The escaped text, without quotation marks.
  package static func escaped(_ text: String, _ escaping: Escaping = .minimal) -> String {
    var bytes: [UInt8] = []
    append(text, escaping, to: &bytes)
    return String(decoding: bytes, as: UTF8.self)
  }

  package static func append(_ text: String, _ escaping: Escaping, to bytes: inout [UInt8]) {
    if escaping == .minimal || text.utf8.allSatisfy({ $0 < 0x80 }) { return append(text.utf8, to: &bytes) }
    for scalar in text.unicodeScalars {
      if scalar.isASCII {
        append(CollectionOfOne(UInt8(scalar.value)), to: &bytes)
      } else if isHarmless(scalar) {
        bytes += String(scalar).utf8
      } else {
        for unit in String(scalar).utf16 { appendEscape(unit, to: &bytes) }
      }
    }
  }

  /// The same for UTF-8 bytes, with `minimal` escaping.
  package static func append(_ text: some Sequence<UInt8>, to bytes: inout [UInt8]) {
    for byte in text {
      switch byte {
      case UInt8(ascii: "\""), UInt8(ascii: "\\"):
        bytes.append(UInt8(ascii: "\\"))
        bytes.append(byte)
      case UInt8(ascii: "\n"): bytes += "\\n".utf8
      case UInt8(ascii: "\r"): bytes += "\\r".utf8
      case UInt8(ascii: "\t"): bytes += "\\t".utf8
      case ..<0x20, 0x7f: appendEscape(UInt16(byte), to: &bytes)
      default: bytes.append(byte)
      }
    }
  }

  private static func appendEscape(_ unit: UInt16, to bytes: inout [UInt8]) {
    let digits = String(unit, radix: 16)
    bytes += "\\u\(String(repeating: "0", count: 4 - digits.count))\(digits)".utf8
  }

  private static func isHarmless(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.properties.generalCategory {
    case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .privateUse, .unassigned: false
    default: true
    }
  }

  /// The unescaped text of a quoted string. `nil` if the string is not closed, an escape is unknown, or a control character is not
  /// escaped.
  static func unescaped(_ quoted: String) -> String? {
    guard quoted.utf8.count >= 2, quoted.utf8.first == UInt8(ascii: "\""), quoted.utf8.last == UInt8(ascii: "\"") else {
      return nil
    }
    // Uses scalars, because a combining mark after the first quotation mark forms one character with it.
    let inside = Substring(quoted.unicodeScalars.dropFirst().dropLast())
    guard inside.utf8.allSatisfy({ $0 >= 0x20 }) else { return nil }
    guard inside.utf8.contains(UInt8(ascii: "\\")) else { return String(inside) }
    var result = String.UnicodeScalarView()
    var rest = inside.unicodeScalars[...]
    while let scalar = rest.popFirst() {
      if scalar != "\\" {
        result.append(scalar)
      } else if let escaped = escape(&rest) {
        result.append(escaped)
      } else {
        return nil
      }
    }
    return String(result)
  }

  private static func escape(_ rest: inout Substring.UnicodeScalarView) -> Unicode.Scalar? {
    switch rest.popFirst() {
    case "n": "\n"
    case "t": "\t"
    case "r": "\r"
    case "b": "\u{8}"
    case "f": "\u{c}"
    case "\"": "\""
    case "\\": "\\"
    case "/": "/"
    case "u": numbered(&rest)
    default: nil
    }
  }

  /// An unpaired surrogate becomes U+FFFD.
  private static func numbered(_ rest: inout Substring.UnicodeScalarView) -> Unicode.Scalar? {
    guard let high = unit(&rest) else { return nil }
    guard high >= 0xd800, high < 0xdc00, rest.starts(with: ["\\", "u"]) else {
      return Unicode.Scalar(high) ?? "\u{fffd}"
    }
    var ahead = rest.dropFirst(2)
    guard let low = unit(&ahead), low >= 0xdc00, low < 0xe000 else { return "\u{fffd}" }
    rest = ahead
    return Unicode.Scalar(0x10000 + (high - 0xd800) << 10 + (low - 0xdc00))
  }

  private static func unit(_ rest: inout Substring.UnicodeScalarView) -> UInt32? {
    guard rest.count >= 4 else { return nil }
    let digits = rest.prefix(4)
    rest = rest.dropFirst(4)
    return digits.allSatisfy(\.properties.isASCIIHexDigit) ? UInt32(String(digits), radix: 16) : nil
  }
}
