/// A JSON document as a tree, for the small documents that services answer with. Built whole or not at all.
package indirect enum JSONNode: Sendable, Equatable {
  package struct Member: Sendable, Equatable {
    package var name: String
    package var value: JSONNode

    package init(name: String, value: JSONNode) {
      self.name = name
      self.value = value
    }
  }

  /// In the order of the document; a name may stand there twice.
  case object([Member])
  case array([JSONNode])
  case string(String)
  /// As it stands in the document.
  case number(String)
  case bool(Bool)
  case null

  private static let deepest = 64

  /// `nil` when the bytes are not exactly one JSON value, or are nested deeper than 64 levels.
  package init?(_ bytes: [UInt8]) {
    var scanner = JSONScanner(bytes)
    guard let token = scanner.next(), let node = Self.value(token, &scanner, depth: 0), scanner.next() == nil else {
      return nil
    }
    self = node
  }

  package var members: [Member]? { if case .object(let members) = self { members } else { nil } }
  package var elements: [JSONNode]? { if case .array(let elements) = self { elements } else { nil } }
  package var text: String? { if case .string(let text) = self { text } else { nil } }
  package var truth: Bool? { if case .bool(let truth) = self { truth } else { nil } }

  /// A finite number.
  package var double: Double? {
    guard case .number(let text) = self, let value = Double(text), value.isFinite else { return nil }
    return value
  }

  /// A string, number or truth value as text.
  package var scalar: String? {
    switch self {
    case .string(let text), .number(let text): text
    case .bool(let truth): truth ? "true" : "false"
    default: nil
    }
  }

  /// The member of that name; the first of them.
  package subscript(_ name: String) -> JSONNode? { members?.first { $0.name == name }?.value }

  private static func value(_ token: JSONScanner.Token, _ scanner: inout JSONScanner, depth: Int) -> JSONNode? {
    guard depth < deepest else { return nil }
    switch token {
    case .open("{"): return object(&scanner, depth: depth)
    case .open: return array(&scanner, depth: depth)
    case .string(let quoted, isName: false): return JSONString.unescaped(quoted).map(JSONNode.string)
    case .literal("true"): return .bool(true)
    case .literal("false"): return .bool(false)
    case .literal("null"): return .null
    case .literal(let text): return Double(text) == nil ? nil : .number(text)
    default: return nil
    }
  }

  private static func object(_ scanner: inout JSONScanner, depth: Int) -> JSONNode? {
    var members: [Member] = []
    while let token = scanner.next() {
      if members.isEmpty, token == .close("}") { return .object(members) }
      guard case .string(let quoted, isName: true) = token, let name = JSONString.unescaped(quoted),
        scanner.next() == .colon, let first = scanner.next(), let value = value(first, &scanner, depth: depth + 1)
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

  private static func array(_ scanner: inout JSONScanner, depth: Int) -> JSONNode? {
    var elements: [JSONNode] = []
    while let token = scanner.next() {
      if elements.isEmpty, token == .close("]") { return .array(elements) }
      guard let value = value(token, &scanner, depth: depth + 1) else { return nil }
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
