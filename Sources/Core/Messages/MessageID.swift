/// Which texts count as ids, and their canonical form.
package enum MessageID {
  /// Values that programs write instead of a missing id.
  private static let placeholders = ["null", "undefined", "none", "00000000-0000-0000-0000-000000000000"]
  static let shortestGUID = 32
  private static let longestGUID = 45

  /// For bytes that are not a GUID.
  static func isPlaceholder(_ bytes: UnsafeRawBufferPointer) -> Bool {
    guard bytes[0] == UInt8(ascii: "n") || bytes[0] == UInt8(ascii: "u") else { return false }
    return placeholders.contains { bytes.elementsEqual($0.utf8) }
  }

  /// The stored form of an id: a GUID in lower case with hyphens, also if written with braces, as `urn:uuid:`, in capitals or without
  /// hyphens; any other text unchanged. `nil` for a text that is not an id.
  package static func canonical(_ text: String) -> String? {
    guard !text.isEmpty, !placeholders.contains(text) else { return nil }
    guard let guid = guid(text.utf8) else { return text }
    return placeholders.contains(guid) ? nil : guid
  }

  /// The same for borrowed bytes; only long ones can be GUIDs.
  package static func canonical(_ bytes: UnsafeRawBufferPointer) -> String? {
    if bytes.count >= 32, bytes.count <= longestGUID, !isCanonicalGUID(bytes), let guid = guid(bytes) {
      return placeholders.contains(guid) ? nil : guid
    }
    if bytes.isEmpty { return nil }
    let text = String(decoding: bytes, as: UTF8.self)
    let isLetter = bytes[0] == UInt8(ascii: "n") || bytes[0] == UInt8(ascii: "u")
    return isLetter && placeholders.contains(text) ? nil : text
  }

  /// Whether it is already in canonical form, checked without creating a string; `false` for the GUID of zeros.
  private static func isCanonicalGUID(_ bytes: UnsafeRawBufferPointer) -> Bool {
    guard bytes.count == 36 else { return false }
    var isZero = true
    for index in 0..<36 {
      let byte = bytes[index]
      if index == 8 || index == 13 || index == 18 || index == 23 {
        guard byte == UInt8(ascii: "-") else { return false }
        continue
      }
      guard byte &- UInt8(ascii: "0") < 10 || byte &- UInt8(ascii: "a") < 6 else { return false }
      if byte != UInt8(ascii: "0") { isZero = false }
    }
    return !isZero
  }

  private static func guid(_ text: some BidirectionalCollection<UInt8>) -> String? {
    guard text.count >= 32, text.count <= longestGUID else { return nil }
    var bytes = text[...]
    let urn = "urn:uuid:".utf8
    if bytes.count == 36 + urn.count, bytes.starts(with: urn) { bytes = bytes.dropFirst(urn.count) }
    if bytes.count == 38, isBracketed(bytes.first, bytes.last) {
      bytes = bytes.dropFirst().dropLast()
    }
    guard bytes.count == 36 || bytes.count == 32 else { return nil }
    return hyphenated(bytes, isHyphenated: bytes.count == 36)
  }

  private static func isBracketed(_ first: UInt8?, _ last: UInt8?) -> Bool {
    (first == UInt8(ascii: "{") && last == UInt8(ascii: "}"))
      || (first == UInt8(ascii: "(") && last == UInt8(ascii: ")"))
  }

  /// `nil` unless it has 32 hexadecimal digits, with hyphens at the positions of a GUID or with none.
  private static func hyphenated(_ bytes: some Collection<UInt8>, isHyphenated: Bool) -> String? {
    let hyphen = UInt8(ascii: "-")
    var result: [UInt8] = []
    result.reserveCapacity(36)
    for byte in bytes {
      let isPlace = result.count == 8 || result.count == 13 || result.count == 18 || result.count == 23
      if isPlace { result.append(hyphen) }
      if isPlace, isHyphenated {
        guard byte == hyphen else { return nil }
        continue
      }
      guard let digit = lowercaseHexDigit(byte) else { return nil }
      result.append(digit)
    }
    return result.count == 36 ? String(decoding: result, as: UTF8.self) : nil
  }

  private static func lowercaseHexDigit(_ byte: UInt8) -> UInt8? {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "f"): byte
    case UInt8(ascii: "A")...UInt8(ascii: "F"): byte | 0x20
    default: nil
    }
  }

  /// Formats the 16 bytes of a GUID.
  package static func guid(bytes: some Collection<UInt8>) -> [UInt8] {
    let digits = Array("0123456789abcdef".utf8)
    return bytes.enumerated().flatMap { index, byte in
      ([4, 6, 8, 10].contains(index) ? [UInt8(ascii: "-")] : []) + [digits[Int(byte >> 4)], digits[Int(byte & 15)]]
    }
  }
}
