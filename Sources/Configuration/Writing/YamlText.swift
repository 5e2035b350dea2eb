import Core

/// Texts from outside as YAML that reads back as the same text.
enum YamlText {
  /// Plain where that is safe, else quoted.
  static func scalar(_ text: String) -> String {
    let isPlain =
      text.utf8.allSatisfy { plain.contains($0) } && text.first?.isLetter == true && !words.contains(text.lowercased())
    return isPlain ? text : quoted(text)
  }

  static func list(_ texts: [String]) -> String { "[\(texts.map(scalar).joined(separator: ", "))]" }

  static func quoted(_ text: String) -> String {
    var result = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"", "\\": result += "\\\(scalar)"
      case _ where isControl(scalar): result += "\\u" + String(scalar.value + 0x10000, radix: 16).dropFirst()
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result + "\""
  }

  /// On one line, without what a terminal would act on.
  static func comment(_ text: String) -> String {
    String(String.UnicodeScalarView(text.unicodeScalars.map { isControl($0) ? "?" : $0 }))
  }

  /// What ends a line for YAML 1.1 (5.4: also U+2028 and U+2029), what a terminal acts on, and what turns the direction of writing.
  private static func isControl(_ scalar: Unicode.Scalar) -> Bool {
    controls.contains { $0.contains(scalar.value) }
  }

  private static let controls: [ClosedRange<UInt32>] = [
    0...0x1F, 0x7F...0x9F, 0x2028...0x202E, 0x2066...0x2069, 0xFEFF...0xFEFF,
  ]

  private static let plain = Set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.*/".utf8)
  private static let words: Set<String> = ["true", "false", "yes", "no", "on", "off", "null", "y", "n", "nan"]
}
