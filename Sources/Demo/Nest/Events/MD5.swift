import COpenSSL

/// MD5 (RFC 1321), for names, never for secrets.
enum MD5 {
  /// The digest of the text's UTF-8 as 32 digits.
  static func hexadecimal(_ text: String) -> String {
    var digest = [UInt8](repeating: 0, count: 16)
    guard EVP_Digest(Array(text.utf8), text.utf8.count, &digest, nil, EVP_md5(), nil) == 1 else {
      preconditionFailure("OpenSSL without MD5")
    }
    return digest.map { $0 < 16 ? "0" + String($0, radix: 16) : String($0, radix: 16) }.joined()
  }
}
