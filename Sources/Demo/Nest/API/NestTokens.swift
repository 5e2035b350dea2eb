import Glibc

/// Logs operators in: a JWT in form, whose signature is random bytes that only this table knows.
struct NestTokens {
  static let email = "operator@nest.example"
  static let password = "demo-password"
  /// Seconds that a token is valid, and while tokens expire soon.
  private static let lifetime = 3600
  private static let shortLifetime = 2
  private static let most = 1000

  /// Until when, in milliseconds since 1970.
  private var expiries: [String: Int64] = [:]

  /// A token for whoever knows the password; `nil` for others.
  mutating func login(_ request: JSON?, expiresSoon: Bool) -> (token: String, seconds: Int)? {
    guard request?["email"]?.stringValue == Self.email, request?["password"]?.stringValue == Self.password else {
      return nil
    }
    let seconds = expiresSoon ? Self.shortLifetime : Self.lifetime
    let now = Clock.epochMilliseconds()
    let token = Self.token(issued: now / 1000, expires: now / 1000 + Int64(seconds))
    if expiries.count >= Self.most { expiries = expiries.filter { $0.value > now } }
    if expiries.count >= Self.most { expiries = [:] }
    expiries[token] = now + Int64(seconds) * 1000
    return (token, seconds)
  }

  /// Whether an `Authorization` header holds a token that is valid now.
  func admits(_ authorization: String?) -> Bool {
    guard let authorization, authorization.lowercased().hasPrefix("bearer ") else { return false }
    return expiries[String(authorization.dropFirst(7))].map { $0 > Clock.epochMilliseconds() } ?? false
  }

  private static func token(issued: Int64, expires: Int64) -> String {
    let header: JSON = .members(["alg": .string("HS256"), "typ": .string("JWT")])
    let claims: JSON = .members([
      "sub": .string("1"), "email": .string(email), "iat": .number(String(issued)), "exp": .number(String(expires)),
    ])
    let signature = (0..<32).map { _ in UInt8.random(in: 0...255) }
    return [Array(header.text.utf8), Array(claims.text.utf8), signature].map(base64).joined(separator: ".")
  }

  /// Base64 for URLs, without padding (RFC 4648, section 5).
  private static func base64(_ bytes: [UInt8]) -> String {
    let digits = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_")
    return stride(from: 0, to: bytes.count, by: 3).map { start in
      let part = bytes[start..<min(start + 3, bytes.count)]
      let bits = part.reduce(UInt32(0)) { $0 << 8 | UInt32($1) } << (8 * UInt32(3 - part.count))
      return String((0...part.count).map { digits[Int(bits >> (18 - 6 * UInt32($0)) & 63)] })
    }.joined()
  }
}
