/// Small things done to borrowed bytes without making strings of them.
enum Bytes {
  static var empty: UnsafeRawBufferPointer { UnsafeRawBufferPointer(start: nil, count: 0) }

  static func equal(_ bytes: UnsafeRawBufferPointer, _ text: [UInt8]) -> Bool {
    bytes.count == text.count && text.withUnsafeBytes { $0.elementsEqual(bytes) }
  }

  /// 64-bit FNV-1a, never 0.
  static func hash(_ bytes: UnsafeRawBufferPointer) -> UInt64 {
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325
    for byte in bytes { hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01b3 }
    return hash == 0 ? 1 : hash
  }

  /// At most `limit` bytes, not through a UTF-8 character.
  static func prefix(_ bytes: UnsafeRawBufferPointer, _ limit: Int) -> UnsafeRawBufferPointer {
    guard bytes.count > limit else { return bytes }
    var end = limit
    while end > max(0, limit - 4), bytes[end] & 0xc0 == 0x80 { end -= 1 }
    return UnsafeRawBufferPointer(rebasing: bytes[..<end])
  }

  static func string(_ bytes: UnsafeRawBufferPointer) -> String { String(decoding: bytes, as: UTF8.self) }
}
