/// Writes a `JSONValue` as text that is safe to print anywhere: control characters, also the eight-bit ones, and characters that
/// turn the direction of text are written as escapes.
package struct JSONWriter {
  private var text = ""
  private let isPretty: Bool

  private init(isPretty: Bool) {
    self.isPretty = isPretty
  }

  /// One line, or indented by two blanks.
  package static func write(_ value: JSONValue, isPretty: Bool) -> String {
    var writer = JSONWriter(isPretty: isPretty)
    writer.write(value, depth: 0)
    return writer.text
  }

  private mutating func write(_ value: JSONValue, depth: Int) {
    switch value {
    case .null: text += "null"
    case .bool(let value): text += value ? "true" : "false"
    case .int(let value): text += String(value)
    case .double(let value): write(value)
    case .string(let value): write(value)
    case .array(let items):
      writeList(items, open: "[", close: "]", depth: depth) { $0.write($1, depth: depth + 1) }
    case .object(let members):
      writeList(members, open: "{", close: "}", depth: depth) { writer, member in
        writer.write(member.0)
        writer.text += writer.isPretty ? ": " : ":"
        writer.write(member.1, depth: depth + 1)
      }
    }
  }

  private mutating func writeList<Item>(
    _ items: [Item], open: String, close: String, depth: Int, _ body: (inout JSONWriter, Item) -> Void
  ) {
    text += open
    for (index, item) in items.enumerated() {
      if index > 0 { text += "," }
      newLine(depth + 1)
      body(&self, item)
    }
    if !items.isEmpty { newLine(depth) }
    text += close
  }

  private mutating func newLine(_ depth: Int) {
    guard isPretty else { return }
    text += "\n"
    text += String(repeating: "  ", count: depth)
  }

  /// JSON knows neither infinity nor "not a number".
  private mutating func write(_ number: Double) {
    guard number.isFinite else { return text += "null" }
    if number == number.rounded(), abs(number) < 1e15 { text += String(Int64(number)) } else { text += "\(number)" }
  }

  private mutating func write(_ string: String) {
    text += "\""
    for scalar in string.unicodeScalars {
      switch scalar {
      case "\"": text += "\\\""
      case "\\": text += "\\\\"
      case "\n": text += "\\n"
      case "\r": text += "\\r"
      case "\t": text += "\\t"
      default:
        if Self.isHarmless(scalar) { text.unicodeScalars.append(scalar) } else { writeEscape(scalar) }
      }
    }
    text += "\""
  }

  private static func isHarmless(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.properties.generalCategory {
    case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .privateUse, .unassigned: false
    default: true
    }
  }

  private mutating func writeEscape(_ scalar: Unicode.Scalar) {
    for unit in String(scalar).utf16 {
      let digits = String(unit, radix: 16)
      text += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
    }
  }
}
