import COpenSSL

/// Base64 with padding (RFC 4648).
package enum Base64 {
  /// Whether a byte is a Base64 digit.
  private static let isDigit: [Bool] = {
    var isDigit = [Bool](repeating: false, count: 256)
    for byte in "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8 { isDigit[Int(byte)] = true }
    return isDigit
  }()

  package static func encoded(_ bytes: [UInt8]) -> String {
    // The length parameter of EVP_EncodeBlock is an `int`, and it writes a terminating NUL byte.
    precondition(bytes.count < 1 << 30)
    return String(unsafeUninitializedCapacity: (bytes.count + 2) / 3 * 4 + 1) { text in
      Int(EVP_EncodeBlock(text.baseAddress, bytes, Int32(bytes.count)))
    }
  }

  /// `nil` if the text is not valid Base64 or has 512 MiB or more.
  package static func decoded(_ text: some Collection<UInt8>) -> [UInt8]? {
    let digits = Array(text)
    let padding = digits.suffix(2).count { $0 == UInt8(ascii: "=") }
    // EVP_DecodeBlock skips whitespace and decodes padding as zeros. So both are checked first.
    guard digits.count % 4 == 0, digits.count < 1 << 29, digits.dropLast(padding).allSatisfy({ isDigit[Int($0)] })
    else { return nil }
    let count = digits.count / 4 * 3
    return [UInt8](unsafeUninitializedCapacity: count) { bytes, written in
      let decoded = Int(EVP_DecodeBlock(bytes.baseAddress, digits, Int32(digits.count)))
      written = max(0, decoded - padding)
    }
  }
}
