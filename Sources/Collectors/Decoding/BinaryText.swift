import Core

/// Converts binary keys and headers to text, as Kafka's serializers write UUIDs and numbers.
enum BinaryText {
  /// 16 bytes that are no text are a GUID; 8 or 4 bytes are a big-endian integer. The quotation marks of a JSON serializer are removed.
  /// Other values are unchanged.
  static func text(_ bytes: UnsafeRawBufferPointer, _ scratch: Scratch) -> UnsafeRawBufferPointer {
    guard isText(bytes) else { return binary(bytes, scratch) }
    let quote = UInt8(ascii: "\"")
    guard bytes.count > 2, bytes[0] == quote, bytes[bytes.count - 1] == quote else { return bytes }
    let inner = UnsafeRawBufferPointer(rebasing: bytes[1..<bytes.count - 1])
    return inner.contains(where: { $0 == quote || $0 == UInt8(ascii: "\\") }) ? bytes : inner
  }

  private static func binary(_ bytes: UnsafeRawBufferPointer, _ scratch: Scratch) -> UnsafeRawBufferPointer {
    switch bytes.count {
    case 16: scratch.copy(MessageID.guid(bytes: bytes))
    case 8: scratch.copy(String(Int64(bitPattern: number(bytes))).utf8)
    case 4: scratch.copy(String(Int32(truncatingIfNeeded: number(bytes))).utf8)
    default: bytes
    }
  }

  private static func number(_ bytes: UnsafeRawBufferPointer) -> UInt64 { bytes.reduce(0) { $0 << 8 | UInt64($1) } }

  private static func isText(_ bytes: UnsafeRawBufferPointer) -> Bool {
    var isASCII = true
    for byte in bytes {
      if byte < 0x20 ? byte != 9 && byte != 10 && byte != 13 : byte == 0x7f { return false }
      if byte >= 0x80 { isASCII = false }
    }
    return isASCII || String(validating: bytes, as: UTF8.self) != nil
  }
}
