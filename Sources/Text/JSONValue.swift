/// A JSON document (RFC 8259) as a tree, either parsed from bytes or built for output.
package indirect enum JSONValue: Sendable, Equatable {
  package struct Member: Sendable, Equatable {
    package var name: String
    package var value: JSONValue

    package init(name: String, value: JSONValue) {
      self.name = name
      self.value = value
    }
  }

  /// In the order of the document. A name may occur more than once.
  case object([Member])
  case array([JSONValue])
  case string(String)
  /// The original digits of the document.
  case number(String)
  case bool(Bool)
  case null

  package static let deepest = 64

  package static func object(_ members: [(String, JSONValue)]) -> JSONValue {
    .object(members.map { Member(name: $0.0, value: $0.1) })
  }

  package static func int(_ value: Int64) -> JSONValue { .number(String(value)) }

  /// Without a fraction for a whole number. `null` for infinity and NaN, which JSON does not support.
  package static func double(_ value: Double) -> JSONValue {
    guard value.isFinite else { return .null }
    return .number(value == value.rounded() && abs(value) < 1e15 ? String(Int64(value)) : "\(value)")
  }

  /// `nil` unless the bytes are exactly one JSON value with at most `deepest` levels of nesting.
  package init?(_ bytes: [UInt8], deepest: Int = deepest) {
    var scanner = JSONScanner(bytes)
    guard let token = scanner.next(), let node = Self.value(token, &scanner, left: deepest), scanner.next() == nil
    else {
      return nil
    }
    self = node
  }

  package var bytes: [UInt8] { Array(JSONWriter.write(self, isPretty: false, escaping: .minimal).utf8) }

  package var members: [Member]? { if case .object(let members) = self { members } else { nil } }
  package var elements: [JSONValue]? { if case .array(let elements) = self { elements } else { nil } }
  package var text: String? { if case .string(let text) = self { text } else { nil } }
  package var truth: Bool? { if case .bool(let truth) = self { truth } else { nil } }

  /// `nil` if it is not a finite number.
  package var double: Double? {
    guard case .number(let text) = self, let value = Double(text), value.isFinite else { return nil }
    return value
  }

  /// A string, number or Boolean as text. `nil` for other values.
  package var scalar: String? {
    switch self {
    case .string(let text), .number(let text): text
    case .bool(let truth): truth ? "true" : "false"
    default: nil
    }
  }

  /// The first member with this name.
  package subscript(_ name: String) -> JSONValue? { members?.first { $0.name == name }?.value }

  /// The value at a path of member names, outermost name first.
  package func value(at names: [String]) -> JSONValue? { names.reduce(JSONValue?.some(self)) { $0?[$1] } }

  /// RFC 8259, section 6: no leading zero or plus sign, digits on both sides of the point.
  private static func isNumber(_ text: String) -> Bool {
    var rest = text.utf8[...]
    func digits() -> Int {
      let count = rest.prefix { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }.count
      rest = rest.dropFirst(count)
      return count
    }
    func take(_ bytes: UInt8...) -> Bool {
      guard let first = rest.first, bytes.contains(first) else { return false }
      rest = rest.dropFirst()
      return true
    }
    _ = take(UInt8(ascii: "-"))
    let startsWithZero = rest.first == UInt8(ascii: "0")
    let whole = digits()
    guard whole > 0, whole == 1 || !startsWithZero else { return false }
    if take(UInt8(ascii: ".")), digits() == 0 { return false }
    if take(UInt8(ascii: "e"), UInt8(ascii: "E")) {
      _ = take(UInt8(ascii: "+"), UInt8(ascii: "-"))
      if digits() == 0 { return false }
    }
    return rest.isEmpty
  }

  private static func value(_ token: JSONScanner.Token, _ scanner: inout JSONScanner, left: Int) -> JSONValue? {
    guard left > 0 else { return nil }
    switch token {
    case .open("{"): return object(&scanner, left: left - 1)
    case .open: return array(&scanner, left: left - 1)
    case .string(let quoted, isName: false): return JSONString.unescaped(quoted).map(JSONValue.string)
    case .literal("true"): return .bool(true)
    case .literal("false"): return .bool(false)
    case .literal("null"): return .null
    case .literal(let text): return isNumber(text) ? .number(text) : nil
    default: return nil
    }
  }

  private static func object(_ scanner: inout JSONScanner, left: Int) -> JSONValue? {
    var members: [Member] = []
    while let token = scanner.next() {
      if members.isEmpty, token == .close("}") { return .object(members) }
      guard case .string(let quoted, isName: true) = token, let name = JSONString.unescaped(quoted),
        scanner.next() == .colon, let first = scanner.next(), let value = value(first, &scanner, left: left)
      else { return nil }
      members.append(Member(name: name, value: value))
      switch scanner.next() {
      case .comma: continue
      case .close("}"): return .object(members)
      default: return nil
      }
    }
    return nil
  }

  private static func array(_ scanner: inout JSONScanner, left: Int) -> JSONValue? {
    var elements: [JSONValue] = []
    while let token = scanner.next() {
      if elements.isEmpty, token == .close("]") { return .array(elements) }
      guard let value = value(token, &scanner, left: left) else { return nil }
      elements.append(value)
      switch scanner.next() {
      case .comma: continue
      case .close("]"): return .array(elements)
      default: return nil
      }
    }
    return nil
  }
}

// Old name of `JSONValue`, still in use.
package typealias JSONNode = JSONValue
