/// Looks for a text in another without regard to the case of ASCII letters, and without building strings.
enum ASCIIMatch {
  static func lowered(_ byte: UInt8) -> UInt8 {
    byte >= UInt8(ascii: "A") && byte <= UInt8(ascii: "Z") ? byte + 32 : byte
  }

  /// `needle` must be lowered already; an empty one is always found.
  static func contains(_ text: String, _ needle: [UInt8]) -> Bool {
    guard let first = needle.first else { return true }
    var text = text
    return text.withUTF8 { bytes in
      guard bytes.count >= needle.count else { return false }
      return (0...(bytes.count - needle.count)).contains { start in
        lowered(bytes[start]) == first && needle.indices.allSatisfy { lowered(bytes[start + $0]) == needle[$0] }
      }
    }
  }
}
