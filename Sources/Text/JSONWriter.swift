/// Writes a `JSONValue` on one line, or indented by two spaces.
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

  /// Writes the elements of the array at `path`: calls `add` for each element.
  package typealias Elements = (_ path: [String], _ add: (JSONValue) throws -> Void) throws -> Void

  private static let portion = 1 << 16

  /// Writes the document in parts, so that it is never completely in memory. The value at each of the `paths` is an array with the
  /// elements from `elements`. Throws the errors of `flush` and `elements`.
  package static func write(
    _ value: JSONValue, isPretty: Bool, paths: [[String]], escaping: JSONString.Escaping = .terminalSafe,
    elements: Elements, to flush: ([UInt8]) throws -> Void
  ) throws {
    var writer = JSONWriter(isPretty: isPretty, escaping: escaping)
    try writer.write(value, at: [], paths, elements, flush)
    try flush(writer.bytes)
  }

  private init(isPretty: Bool, escaping: JSONString.Escaping) {
    self.isPretty = isPretty
    self.escaping = escaping
  }

  private mutating func write(
    _ value: JSONValue, at path: [String], _ paths: [[String]], _ elements: Elements,
    _ flush: ([UInt8]) throws -> Void
  ) throws {
    if paths.contains(path) { return try write(path, elements, flush) }
    guard case .object(let members) = value, paths.contains(where: { $0.starts(with: path) }) else {
      return write(value, depth: path.count)
    }
    bytes.append(UInt8(ascii: "{"))
    for (index, member) in members.enumerated() {
      if index > 0 { bytes.append(UInt8(ascii: ",")) }
      newLine(path.count + 1)
      write(member.name)
      bytes += (isPretty ? ": " : ":").utf8
      try write(member.value, at: path + [member.name], paths, elements, flush)
    }
    if !members.isEmpty { newLine(path.count) }
    bytes.append(UInt8(ascii: "}"))
  }

  private mutating func write(
    _ path: [String], _ elements: Elements, _ flush: ([UInt8]) throws -> Void
  ) throws {
    bytes.append(UInt8(ascii: "["))
    var isFirst = true
    try withoutActuallyEscaping(flush) { flush in
      try elements(path) { element in
        if !isFirst { bytes.append(UInt8(ascii: ",")) }
        isFirst = false
        newLine(path.count + 1)
        write(element, depth: path.count + 1)
        guard bytes.count > Self.portion else { return }
        try flush(bytes)
        bytes.removeAll(keepingCapacity: true)
      }
    }
    if !isFirst { newLine(path.count) }
    bytes.append(UInt8(ascii: "]"))
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
