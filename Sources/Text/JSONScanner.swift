/// Splits JSON into tokens and continues after malformed input. Never fails: unknown input is returned as `unexpected`.
struct JSONScanner {
  enum Token: Equatable {
    case open(String)
    case close(String)
    case colon
    case comma
    /// The raw text with its quotation marks. `isName` is true if a colon follows.
    case string(String, isName: Bool)
    case literal(String)
    case unexpected(String)
  }

  private let bytes: [UInt8]
  private var position = 0

  init(_ bytes: [UInt8]) {
    self.bytes = bytes
  }

  static func isBlank(_ byte: UInt8) -> Bool {
    byte == 0x20 || byte == 0x09 || byte == 0x0a || byte == 0x0d
  }

  mutating func next() -> Token? {
    skipBlanks()
    guard position < bytes.count else { return nil }
    switch bytes[position] {
    case UInt8(ascii: "{"), UInt8(ascii: "["): return .open(takeOne())
    case UInt8(ascii: "}"), UInt8(ascii: "]"): return .close(takeOne())
    case UInt8(ascii: ":"): return take(as: .colon)
    case UInt8(ascii: ","): return take(as: .comma)
    case UInt8(ascii: "\""): return string()
    default: return word()
    }
  }

  private mutating func skipBlanks() {
    while position < bytes.count, Self.isBlank(bytes[position]) { position += 1 }
  }

  private mutating func takeOne() -> String {
    defer { position += 1 }
    return String(decoding: bytes[position...position], as: UTF8.self)
  }

  private mutating func take(as token: Token) -> Token {
    position += 1
    return token
  }

  private mutating func string() -> Token {
    let start = position
    position += 1
    while position < bytes.count, bytes[position] != UInt8(ascii: "\"") {
      position += bytes[position] == UInt8(ascii: "\\") ? 2 : 1
    }
    position = min(position + 1, bytes.count)
    let text = String(decoding: bytes[start..<position], as: UTF8.self)
    skipBlanks()
    return .string(text, isName: position < bytes.count && bytes[position] == UInt8(ascii: ":"))
  }

  private mutating func word() -> Token {
    let start = position
    while position < bytes.count, !Self.ends(bytes[position]) { position += 1 }
    let text = String(decoding: bytes[start..<position], as: UTF8.self)
    return Self.isLiteral(text) ? .literal(text) : .unexpected(text)
  }

  private static func ends(_ byte: UInt8) -> Bool {
    isBlank(byte) || "{}[]:,\"".utf8.contains(byte)
  }

  private static func isLiteral(_ text: String) -> Bool {
    if text == "true" || text == "false" || text == "null" { return true }
    return text.utf8.allSatisfy { "+-.0123456789eE".utf8.contains($0) }
  }
}
