extension JSONNode {
  /// The document in as few bytes as it takes.
  package var bytes: [UInt8] {
    var bytes: [UInt8] = []
    append(to: &bytes)
    return bytes
  }

  /// The value at names from the outside in.
  package func value(at names: [String]) -> JSONNode? { names.reduce(JSONNode?.some(self)) { $0?[$1] } }

  private func append(to bytes: inout [UInt8]) {
    switch self {
    case .object(let members):
      Self.append(members, between: ("{", "}"), to: &bytes) { member, bytes in
        Self.append(member.name, to: &bytes)
        bytes.append(UInt8(ascii: ":"))
        member.value.append(to: &bytes)
      }
    case .array(let elements): Self.append(elements, between: ("[", "]"), to: &bytes) { $0.append(to: &$1) }
    case .string(let text): Self.append(text, to: &bytes)
    case .number(let text): bytes += text.utf8
    case .bool(let truth): bytes += (truth ? "true" : "false").utf8
    case .null: bytes += "null".utf8
    }
  }

  private static func append<Item>(
    _ items: [Item], between ends: (Unicode.Scalar, Unicode.Scalar), to bytes: inout [UInt8],
    _ append: (Item, inout [UInt8]) -> Void
  ) {
    bytes.append(UInt8(ascii: ends.0))
    for (place, item) in items.enumerated() {
      if place > 0 { bytes.append(UInt8(ascii: ",")) }
      append(item, &bytes)
    }
    bytes.append(UInt8(ascii: ends.1))
  }

  private static func append(_ text: String, to bytes: inout [UInt8]) {
    bytes.append(UInt8(ascii: "\""))
    for byte in text.utf8 {
      switch byte {
      case UInt8(ascii: "\""), UInt8(ascii: "\\"): bytes += [UInt8(ascii: "\\"), byte]
      case ..<0x20:
        let digits = String(byte, radix: 16)
        bytes += "\\u\(String(repeating: "0", count: 4 - digits.count))\(digits)".utf8
      default: bytes.append(byte)
      }
    }
    bytes.append(UInt8(ascii: "\""))
  }
}
