import Text

/// How a field's value is escaped at its position.
enum ActionEscape: Sendable, Equatable {
  case path
  /// A path; its value may contain `/`, which is sent as `%2F`.
  case pathWithSlash
  case query
  case header
  case jsonString
  /// Outside of quotation marks: numbers and booleans are unchanged, strings get quotation marks.
  case jsonValue
  case argument
  case key
  case topic

  func apply(_ value: ActionFields.Value, _ name: String, isFirst: Bool) -> Result<String, ActionFields.Missing> {
    if let problem = Self.problem(with: value.text) {
      return .failure(.init(message: "`{\(name)}` \(problem)"))
    }
    switch self {
    case .path where value.text.isEmpty, .pathWithSlash where value.text.isEmpty, .topic where value.text.isEmpty,
      .key where value.text.isEmpty:
      return .failure(.init(message: "`{\(name)}` is empty"))
    case .path where Self.leavesPath(value.text, mayHaveSlash: false):
      return .failure(
        .init(message: "`{\(name)}` would be more than one part of the URL's path: a `/`, a `\\`, `.` or `..`"))
    case .pathWithSlash where Self.leavesPath(value.text, mayHaveSlash: true):
      return .failure(.init(message: "`{\(name)}` has a `\\` in it, or a part `.` or `..`, which may be another path"))
    case .path, .pathWithSlash, .query: return .success(ByteText.percentEncoded(value.text))
    case .jsonString: return .success(JSONString.escaped(value.text))
    case .jsonValue: return .success(value.json ?? "\"\(JSONString.escaped(value.text))\"")
    case .argument where isFirst && value.text.hasPrefix("-"):
      return .failure(.init(message: "`{\(name)}` begins with `-`: the program would take it for an option"))
    case .header, .argument, .key, .topic: return .success(value.text)
    }
  }

  /// Whether the text would change the path on a server or proxy that decodes it, even if it decodes once too often.
  private static func leavesPath(_ text: String, mayHaveSlash: Bool) -> Bool {
    [text, percentDecoded(text), percentDecoded(percentDecoded(text))].contains { text in
      text.utf8.contains { $0 == UInt8(ascii: "\\") || $0 == UInt8(ascii: "/") && !mayHaveSlash }
        || text.utf8.split(separator: UInt8(ascii: "/")).contains { part in
          [".", ".."].contains(String(decoding: part.prefix { $0 != UInt8(ascii: ";") }, as: UTF8.self))
        }
    }
  }

  private static func percentDecoded(_ text: String) -> String {
    let bytes = Array(text.utf8)
    var decoded: [UInt8] = []
    var place = 0
    while place < bytes.count {
      let digits = place + 2 < bytes.count ? String(decoding: bytes[(place + 1)...(place + 2)], as: UTF8.self) : ""
      if bytes[place] == UInt8(ascii: "%"), !digits.hasPrefix("+"), let byte = UInt8(digits, radix: 16) {
        decoded.append(byte)
        place += 3
      } else {
        decoded.append(bytes[place])
        place += 1
      }
    }
    return String(decoding: decoded, as: UTF8.self)
  }

  /// Rejects characters that are invalid everywhere: they could end a line, string or argument, or mislead a reader.
  private static func problem(with text: String) -> String? {
    for scalar in text.unicodeScalars {
      switch scalar.properties.generalCategory {
      case .control, .lineSeparator, .paragraphSeparator:
        return "holds a control character (U+\(String(scalar.value, radix: 16, uppercase: true)))"
      default: continue
      }
    }
    return text.utf8.count <= ActionFields.longest ? nil : "is longer than \(ActionFields.longest) bytes"
  }
}
