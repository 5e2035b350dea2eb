/// What counts as an id, and how it is kept.
enum SagaID {
  private static let longest = 200
  private static let placeholders = ["null", "undefined", "none", "00000000-0000-0000-0000-000000000000"].map {
    Array($0.utf8)
  }

  /// `nil` for what programs write where they have no id. A very long one keeps its beginning and a hash of the whole.
  static func text(_ bytes: UnsafeRawBufferPointer) -> String? {
    guard !bytes.isEmpty, !placeholders.contains(where: { Bytes.equal(bytes, $0) }) else { return nil }
    guard bytes.count > longest else { return Bytes.string(bytes) }
    return Bytes.string(Bytes.prefix(bytes, longest)) + "#" + String(Bytes.hash(bytes), radix: 16)
  }

  /// The trace id of a W3C `traceparent` header: `00-<32 hex digits>-<16 hex digits>-<2 hex digits>`.
  static func traceID(_ header: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer? {
    let dash = UInt8(ascii: "-")
    guard header.count >= 55, header[2] == dash, header[35] == dash else { return nil }
    let trace = UnsafeRawBufferPointer(rebasing: header[3..<35])
    guard trace.allSatisfy(isHexDigit), trace.contains(where: { $0 != UInt8(ascii: "0") }) else { return nil }
    return trace
  }

  private static func isHexDigit(_ byte: UInt8) -> Bool {
    (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains(byte)
  }
}
