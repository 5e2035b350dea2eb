import Core
import Text

/// Reads claims of a JWT (RFC 7519). Does not verify the token: the server does that.
package enum JSONWebToken {
  /// `nil` if the text is not a JWT or the token does not expire.
  package static func expiry(of token: String) -> Timestamp? {
    guard let seconds = claims(of: token)?["exp"]?.double, (0...1e11).contains(seconds) else { return nil }
    return Timestamp(milliseconds: Int64(seconds * 1000))
  }

  /// Whether the text may be sent in a header or to a broker: at most 16 KiB of visible ASCII characters.
  package static func isToken(_ text: String) -> Bool {
    !text.isEmpty && text.utf8.count <= 16_384 && text.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7f }
  }

  /// The `sub` claim.
  static func subject(of token: String) -> String? { claims(of: token)?["sub"]?.text }

  private static func claims(of token: String) -> JSONNode? {
    let parts = token.split(separator: ".", omittingEmptySubsequences: false)
    guard parts.count == 3, let payload = decoded(parts[1]) else { return nil }
    return JSONNode(payload)
  }

  /// Decodes base64url without padding (RFC 4648, section 5).
  private static func decoded(_ text: Substring) -> [UInt8]? {
    var digits = text.utf8.filter { $0 != UInt8(ascii: "=") }.map { byte in
      switch byte {
      case UInt8(ascii: "-"): UInt8(ascii: "+")
      case UInt8(ascii: "_"): UInt8(ascii: "/")
      default: byte
      }
    }
    digits += Array(repeating: UInt8(ascii: "="), count: (4 - digits.count % 4) % 4)
    return Base64.decoded(digits)
  }
}
