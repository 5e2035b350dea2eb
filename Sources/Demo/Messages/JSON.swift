/// A JSON value. Numbers keep their digits, so that ids and amounts pass through exactly.
enum JSON: Equatable, Sendable {
  case null
  case bool(Bool)
  case number(String)
  case string(String)
  case array([JSON])
  case object([Member])

  struct Member: Equatable, Sendable {
    let name: String
    let value: JSON
  }

  static func integer(_ value: Int) -> JSON { .number(String(value)) }

  static func optional(_ text: String?) -> JSON { text.map(JSON.string) ?? .null }

  /// An amount in won as the decimal that the services write.
  static func won(_ value: Int) -> JSON { .number("\(value).00") }

  /// An object with its members in the order given.
  static func members(_ members: KeyValuePairs<String, JSON>) -> JSON {
    .object(members.map { Member(name: $0.key, value: $0.value) })
  }

  /// The member of that name, if this is an object that has it.
  subscript(name: String) -> JSON? {
    guard case .object(let members) = self else { return nil }
    return members.first { $0.name == name }?.value
  }

  /// The whole number this is, be it written as a number or as a string.
  var integerValue: Int? {
    switch self {
    case .number(let digits), .string(let digits):
      if let value = Int(digits) { return value }
      return Double(digits).flatMap { Int(exactly: $0) }
    default: return nil
    }
  }

  var stringValue: String? {
    guard case .string(let text) = self else { return nil }
    return text
  }

  /// The value as compact JSON text.
  var text: String {
    switch self {
    case .null: "null"
    case .bool(let value): value ? "true" : "false"
    case .number(let digits): digits
    case .string(let text): Self.quoted(text)
    case .array(let values): "[" + values.map(\.text).joined(separator: ",") + "]"
    case .object(let members):
      "{" + members.map { Self.quoted($0.name) + ":" + $0.value.text }.joined(separator: ",") + "}"
    }
  }

  private static func quoted(_ text: String) -> String {
    var result = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": result += "\\\""
      case "\\": result += "\\\\"
      case "\n": result += "\\n"
      case "\r": result += "\\r"
      case "\t": result += "\\t"
      case "\u{0}"..."\u{1F}", "\u{7F}":
        let digits = String(scalar.value, radix: 16)
        result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result + "\""
  }
}
