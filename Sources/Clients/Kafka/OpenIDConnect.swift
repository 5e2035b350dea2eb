import CKafka
import Core
import Glibc
import Text

/// Fetches tokens for SASL OAUTHBEARER with a client id and secret (RFC 6749, section 4.4). librdkafka supports this only if it was built
/// with libcurl, which Debian's package is not. So its OIDC properties are removed and the token is fetched here.
struct OpenIDConnect {
  private static let prefix = "sasl.oauthbearer."
  private static let patience = Duration.seconds(5)

  private let url: String
  private let id: String
  private let secret: String
  private let scope: String?
  /// `name=value,name=value`: sent to the broker with the token.
  private let extensions: String?
  private let authorities: String?

  /// `nil` if OIDC is not configured.
  init?(_ access: KafkaAccess) throws(KafkaError) {
    func value(_ name: String) -> String? { access.properties.last { $0.name == Self.prefix + name }?.value }
    guard Self.isWanted(access) else { return nil }
    func needed(_ name: String) throws(KafkaError) -> String {
      if let value = value(name), !value.isEmpty { return value }
      throw KafkaError(description: "Kafka property `\(Self.prefix)method: oidc` needs `\(Self.prefix)\(name)`")
    }
    url = try needed("token.endpoint.url")
    id = try needed("client.id")
    secret = try needed("client.secret")
    scope = value("scope")
    extensions = value("extensions")
    authorities = access.properties.last { $0.name == "https.ca.location" }?.value
  }

  static func isWanted(_ access: KafkaAccess) -> Bool {
    access.properties.last { $0.name == prefix + "method" }?.value.lowercased() == "oidc"
  }

  /// Whether the property must not be passed to librdkafka.
  static func takes(_ name: String) -> Bool {
    name == "https.ca.location"
      || name.hasPrefix(prefix) && !["config", "enable.sasl"].contains { name.hasPrefix(prefix + $0) }
  }

  // MARK: Callbacks of librdkafka

  /// Registers the token callback. librdkafka calls it before its first connection and again after four fifths of a token's lifetime. The
  /// endpoint and credentials are passed to the callback as its configuration.
  func add(to configuration: OpaquePointer) {
    let members = [
      ("url", url), ("id", id), ("secret", secret), ("scope", scope), ("extensions", extensions), ("ca", authorities),
    ]
    let text = JSONWriter.write(.object(members.map { ($0.0, $0.1.map { .string($0) } ?? .null) }), isPretty: false)
    rd_kafka_conf_set(configuration, Self.prefix + "config", text, nil, 0)
    rd_kafka_conf_set_oauthbearer_token_refresh_cb(configuration, refreshToken)
    rd_kafka_conf_enable_sasl_queue(configuration, 1)
  }

  private init?(configuration: String) {
    guard let node = JSONNode(Array(configuration.utf8)), let url = node["url"]?.text, let id = node["id"]?.text,
      let secret = node["secret"]?.text
    else { return nil }
    (self.url, self.id, self.secret) = (url, id, secret)
    (scope, extensions, authorities) = (node["scope"]?.text, node["extensions"]?.text, node["ca"]?.text)
  }

  /// Runs on a thread of librdkafka. A failure is reported with the next connection error.
  fileprivate static func refresh(_ handle: OpaquePointer, _ configuration: String) {
    guard let connect = OpenIDConnect(configuration: configuration) else { return }
    switch connect.token() {
    case .failure(let error): rd_kafka_oauthbearer_set_token_failure(handle, error.description)
    case .success(let token): connect.give(token, to: handle)
    }
  }

  private struct Token {
    var text: String
    var principal: String
    /// In milliseconds since 1970.
    var end: Int64
  }

  private func give(_ token: Token, to handle: OpaquePointer) {
    let pairs = (extensions ?? "").split(separator: ",").compactMap { pair -> [String]? in
      let parts = pair.split(separator: "=", maxSplits: 1).map(String.init)
      return parts.count == 2 ? parts : nil
    }
    var names: [UnsafePointer<CChar>?] = pairs.joined().map { UnsafePointer(strdup($0)) }
    defer { for name in names { free(UnsafeMutableRawPointer(mutating: name)) } }
    var reason = [CChar](repeating: 0, count: 512)
    let error = rd_kafka_oauthbearer_set_token(
      handle, token.text, token.end, token.principal, &names, names.count, &reason, reason.count)
    if error != RD_KAFKA_RESP_ERR_NO_ERROR { rd_kafka_oauthbearer_set_token_failure(handle, reason) }
  }

  // MARK: HTTP request

  private func token() -> Result<Token, KafkaError> {
    var access = HTTPAccess()
    (access.user, access.password, access.authorities) = (id, secret, authorities)
    let scope = self.scope.map { "&scope=\(Self.encoded($0))" } ?? ""
    let result = HTTPExchange.run(
      .init(
        method: "POST", url: url, headers: ["Content-Type: application/x-www-form-urlencoded"],
        body: "grant_type=client_credentials\(scope)", access: access, timeout: Self.patience))
    func failure(_ text: String) -> Result<Token, KafkaError> { .failure(.init(description: "\(place): \(text)")) }
    switch result {
    case .notSent(let reason), .lost(let reason): return .failure(.init(description: reason))
    case .answered(let status, let body, _):
      let node = JSONNode(body)
      if (300..<400).contains(status) {
        return failure("HTTP \(status), a redirect, which is not followed: is `token.endpoint.url` right?")
      }
      guard status == 200 else {
        let words = hidden(node?["error_description"]?.text ?? node?["error"]?.text ?? "")
        return failure("HTTP \(status) \(words.prefix(200)): check `client.id` and `client.secret`")
      }
      guard let text = node?["access_token"]?.text, !text.isEmpty else { return failure("no `access_token`") }
      // RFC 6750, section 2.1. librdkafka would quote an invalid token in its error.
      guard JSONWebToken.isToken(text) else {
        return failure("the `access_token` is too long, or has characters that no token has")
      }
      let life = node?["expires_in"]?.double.flatMap { (1...1e8).contains($0) ? Int64($0 * 1000) : nil }
      guard let end = JSONWebToken.expiry(of: text)?.milliseconds ?? life.map({ Int64(time(nil)) * 1000 + $0 })
      else { return failure("the token does not tell when it expires") }
      return .success(Token(text: text, principal: JSONWebToken.subject(of: text) ?? id, end: end))
    }
  }

  /// Some servers repeat the request in their errors.
  private func hidden(_ text: String) -> String {
    SecretText.masked(text, [secret, Self.encoded(secret), Base64.encoded(Array("\(id):\(secret)".utf8))])
  }

  /// The URL without credentials and query.
  private var place: String {
    guard let parts = try? URLParts(url) else { return "the token endpoint" }
    return "\(parts.scheme)://\(parts.host)\(parts.port.map { ":\($0)" } ?? "")\(parts.path)"
  }

  private static func encoded(_ text: String) -> String {
    text.utf8.map { byte in
      let scalar = Character(Unicode.Scalar(byte))
      let isPlain = byte < 0x80 && (scalar.isLetter || scalar.isNumber || "-._~".contains(scalar))
      return isPlain ? String(scalar) : "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
    }.joined()
  }
}

private func refreshToken(
  _ handle: OpaquePointer?, _ configuration: UnsafePointer<CChar>?, _ opaque: UnsafeMutableRawPointer?
) {
  guard let handle, let configuration else { return }
  OpenIDConnect.refresh(handle, String(cString: configuration))
}
