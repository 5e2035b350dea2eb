/// Strings as JSON writes them.
package enum JSONString {
  /// A text as it stands between a string's quotation marks. Control characters become `\u00XX`.
  package static func escaped(_ text: String) -> String {
    var result = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": result += "\\\""
      case "\\": result += "\\\\"
      case "\n": result += "\\n"
      case "\r": result += "\\r"
      case "\t": result += "\\t"
      case _ where scalar.value < 0x20 || scalar.value == 0x7f:
        result += "\\u00" + (scalar.value < 16 ? "0" : "") + String(scalar.value, radix: 16)
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }

  /// The same, with an escape for whatever a terminal could take for more than a letter: for a file that people look at.
  package static func escapedForEyes(_ text: String) -> String {
    var result = ""
    for scalar in text.unicodeScalars {
      switch scalar.properties.generalCategory {
      case .control, .format, .lineSeparator, .paragraphSeparator, .privateUse, .unassigned:
        for unit in String(scalar).utf16 {
          let digits = String(unit, radix: 16)
          result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
        }
      default: result += scalar == "\"" || scalar == "\\" ? "\\\(scalar)" : String(scalar)
      }
    }
    return result
  }

  /// What a string in its quotation marks says; `nil` when it is not closed or an escape is none.
  static func unescaped(_ quoted: String) -> String? {
    guard quoted.utf8.count >= 2, quoted.utf8.first == UInt8(ascii: "\""), quoted.utf8.last == UInt8(ascii: "\"") else {
      return nil
    }
    let inside = quoted.dropFirst().dropLast()
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

  /// Half of a pair without the other half becomes U+FFFD.
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
