import COpenSSL

/// SHA-256 (FIPS 180-4) in hexadecimal, for chains of records, digests and idempotency keys.
package enum SHA256 {
  /// 64 hexadecimal digits.
  package static func hex(_ bytes: some Collection<UInt8>) -> String {
    hex(digest: digest(Array(bytes)))
  }

  /// HMAC-SHA-256 (RFC 2104), 64 hexadecimal digits.
  package static func hmac(_ message: [UInt8], key: [UInt8]) -> String {
    let block = 64
    let short = key.count > block ? digest(key) : key
    let padded = short + [UInt8](repeating: 0, count: block - short.count)
    let inner = digest(padded.map { $0 ^ 0x36 } + message)
    return hex(digest: digest(padded.map { $0 ^ 0x5c } + inner))
  }

  private static func digest(_ message: [UInt8]) -> [UInt8] {
    var digest = [UInt8](repeating: 0, count: 32)
    guard EVP_Digest(message, message.count, &digest, nil, EVP_sha256(), nil) == 1 else {
      preconditionFailure("OpenSSL without SHA-256")
    }
    return digest
  }

  private static func hex(digest: [UInt8]) -> String {
    digest.map { $0 < 16 ? "0" + String($0, radix: 16) : String($0, radix: 16) }.joined()
  }

  package static func hex(_ text: String) -> String { hex(text.utf8) }
}
