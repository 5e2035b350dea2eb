/// Writes a `JSONValue` on one line, or indented by two blanks.
package struct JSONWriter {
  private var bytes: [UInt8] = []
  private let isPretty: Bool
  private let escaping: JSONString.Escaping

  package static func write(
    _ value: JSONValue, isPretty: Bool, escaping: JSONString.Escaping = .terminalSafe
  ) -> String {
    var writer = JSONWriter(isPretty: isPretty, escaping: escaping)
    writer.write(value, depth: 0)
    return String(decoding: writer.bytes, as: UTF8.self)
  }

  private init(isPretty: Bool, escaping: JSONString.Escaping) {
    self.isPretty = isPretty
    self.escaping = escaping
  }

  private mutating func write(_ value: JSONValue, depth: Int) {
    switch value {
    case .null: bytes += "null".utf8
    case .bool(let value): bytes += (value ? "true" : "false").utf8
    case .number(let digits): bytes += digits.utf8
    case .string(let text): write(text)
    case .array(let items):
      writeList(items, between: ("[", "]"), depth: depth) { $0.write($1, depth: depth + 1) }
    case .object(let members):
      writeList(members, between: ("{", "}"), depth: depth) { writer, member in
        writer.write(member.name)
        writer.bytes += (writer.isPretty ? ": " : ":").utf8
        writer.write(member.value, depth: depth + 1)
      }
    }
  }

  private mutating func writeList<Item>(
    _ items: [Item], between ends: (Unicode.Scalar, Unicode.Scalar), depth: Int,
    _ body: (inout JSONWriter, Item) -> Void
  ) {
    bytes.append(UInt8(ascii: ends.0))
    for (index, item) in items.enumerated() {
      if index > 0 { bytes.append(UInt8(ascii: ",")) }
      newLine(depth + 1)
      body(&self, item)
    }
    if !items.isEmpty { newLine(depth) }
    bytes.append(UInt8(ascii: ends.1))
  }

  private mutating func newLine(_ depth: Int) {
    guard isPretty else { return }
    bytes.append(UInt8(ascii: "\n"))
    bytes += repeatElement(UInt8(ascii: " "), count: 2 * depth)
  }

  private mutating func write(_ text: String) {
    bytes.append(UInt8(ascii: "\""))
    JSONString.append(text, escaping, to: &bytes)
    bytes.append(UInt8(ascii: "\""))
  }
}
