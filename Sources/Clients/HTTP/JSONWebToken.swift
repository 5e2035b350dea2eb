import Core
import Text

/// What a JWT says of itself (RFC 7519). Nothing is verified: the server does that.
package enum JSONWebToken {
  /// `nil` for what is no JWT, or one that does not expire.
  package static func expiry(of token: String) -> Timestamp? {
    guard let seconds = claims(of: token)?["exp"]?.double, (0...1e11).contains(seconds) else { return nil }
    return Timestamp(milliseconds: Int64(seconds * 1000))
  }

  /// Whom it was given to.
  static func subject(of token: String) -> String? { claims(of: token)?["sub"]?.text }

  private static func claims(of token: String) -> JSONNode? {
    let parts = token.split(separator: ".", omittingEmptySubsequences: false)
    guard parts.count == 3, let payload = decoded(parts[1]) else { return nil }
    return JSONNode(payload)
  }

  /// base64url without padding (RFC 4648, 5).
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
