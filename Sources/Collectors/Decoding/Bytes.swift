import Glibc

/// Operations on borrowed bytes that create no strings.
enum Bytes {
  static var empty: UnsafeRawBufferPointer { UnsafeRawBufferPointer(start: nil, count: 0) }

  /// Whether the bytes start like a JSON object or list. Two bytes are checked, because one byte is too common in binary bodies.
  static func beginsJSON(_ bytes: UnsafeRawBufferPointer?) -> Bool {
    var first = (bytes?.lazy ?? empty.lazy).filter { !" \t\r\n".utf8.contains($0) }.makeIterator()
    switch first.next() {
    case UInt8(ascii: "{"): return first.next().map("\"}".utf8.contains) ?? true
    case UInt8(ascii: "["): return first.next().map("[{\"]-0123456789tfn".utf8.contains) ?? true
    default: return false
    }
  }

  static func equal(_ bytes: UnsafeRawBufferPointer, _ text: [UInt8]) -> Bool {
    guard let base = bytes.baseAddress else { return text.isEmpty }
    return bytes.count == text.count && memcmp(base, text, text.count) == 0
  }

  /// 64-bit hash, never 0, equal in every run. It reads eight bytes at a time: each word is multiplied in, and the high half of the
  /// product is folded into the low half.
  static func hash(_ bytes: UnsafeRawBufferPointer, seed: UInt64 = 0) -> UInt64 {
    var hash = UInt64(truncatingIfNeeded: bytes.count) &* 0x9e37_79b9_7f4a_7c15 ^ seed
    var position = 0
    while position + 8 <= bytes.count {
      hash = mix(hash, bytes.loadUnaligned(fromByteOffset: position, as: UInt64.self))
      position += 8
    }
    var rest: UInt64 = 0
    while position < bytes.count {
      rest = rest << 8 | UInt64(bytes[position])
      position += 1
    }
    hash = mix(mix(hash, rest), 0x2545_f491_4f6c_dd1d)
    return hash == 0 ? 1 : hash
  }

  private static func mix(_ hash: UInt64, _ word: UInt64) -> UInt64 {
    let product = (hash ^ word).multipliedFullWidth(by: 0xd6e8_feb8_6659_fd93)
    return product.high ^ product.low ^ hash
  }

  /// At most `limit` bytes, without splitting a UTF-8 character.
  static func prefix(_ bytes: UnsafeRawBufferPointer, _ limit: Int) -> UnsafeRawBufferPointer {
    guard bytes.count > limit else { return bytes }
    var end = limit
    while end > max(0, limit - 4), bytes[end] & 0xc0 == 0x80 { end -= 1 }
    return UnsafeRawBufferPointer(rebasing: bytes[..<end])
  }

  static func string(_ bytes: UnsafeRawBufferPointer) -> String { String(decoding: bytes, as: UTF8.self) }
}
