import COpenSSL

/// SHA-256 (FIPS 180-4) in hexadecimal, for chains of records, digests and idempotency keys.
package enum SHA256 {
  /// 64 digits.
  package static func hex(_ bytes: some Collection<UInt8>) -> String {
    let message = Array(bytes)
    var digest = [UInt8](repeating: 0, count: 32)
    guard EVP_Digest(message, message.count, &digest, nil, EVP_sha256(), nil) == 1 else {
      preconditionFailure("OpenSSL without SHA-256")
    }
    return digest.map { $0 < 16 ? "0" + String($0, radix: 16) : String($0, radix: 16) }.joined()
  }

  package static func hex(_ text: String) -> String { hex(text.utf8) }
}
