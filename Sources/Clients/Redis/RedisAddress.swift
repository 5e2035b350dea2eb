/// The address and credentials of a Redis server: `redis://[user[:password]@]host[:port][/database]`, `rediss://` for TLS,
/// `unix:///path`, or `redis+sentinel://host[:port],…/master[/database]` for the master reported by sentinels.
package struct RedisAddress: Sendable, Equatable {
  package struct Invalid: Error, Equatable {
    /// Never contains text that may be a password.
    package var message: String
  }

  package struct Host: Sendable, Hashable {
    package var name: String
    package var port: Int

    package init(_ name: String, port: Int) {
      self.name = name
      self.port = port
    }

    /// `host:port`.
    package var text: String { (name.contains(":") ? "[\(name)]" : name) + ":\(port)" }
  }

  package enum Place: Sendable, Equatable {
    case host(Host)
    case socket(String)
    case sentinel([Host], master: String)
  }

  /// Paths of PEM files. If `authorities` is `nil`, the system's authorities are trusted.
  package struct TLS: Sendable, Equatable {
    package var authorities: String?
    package var certificate: String?
    package var key: String?

    package init(authorities: String? = nil, certificate: String? = nil, key: String? = nil) {
      self.authorities = authorities
      self.certificate = certificate
      self.key = key
    }
  }

  private static let mostSentinels = 32
  private static let expected = "expected redis://[user:password@]host:port[/database] or unix:///path"
  private static let expectedSentinel = "expected redis+sentinel://host:26379[,host:26379]/master[/database]"

  package var place: Place
  package var user: String?
  package var password: String?
  package var database: Int
  /// `nil` if TLS is not used.
  package var tls: TLS?

  package init(place: Place, user: String? = nil, password: String? = nil, database: Int = 0, tls: TLS? = nil) {
    self.place = place
    self.user = user
    self.password = password
    self.database = database
    self.tls = tls
  }

  package init(_ text: String) throws(Invalid) {
    guard let mark = text.firstRange(of: "://") else { throw Invalid(message: Self.expected) }
    switch text[..<mark.lowerBound] {
    case "unix":
      let path = text[mark.upperBound...]
      guard path.hasPrefix("/"), path.utf8.count < 108 else {
        throw Invalid(message: "expected unix:///path/of/socket")
      }
      self.init(place: .socket(String(path)))
    case "redis", "rediss": try self.init(url: text)
    case "redis+sentinel", "rediss+sentinel": try self.init(sentinel: text, authority: mark.upperBound)
    default: throw Invalid(message: Self.expected)
    }
  }

  /// Splits URLs at commas. A comma between the hosts of one URL does not split it.
  package static func urls(_ text: String) -> [String] {
    text.split(separator: ",", omittingEmptySubsequences: false).reduce(into: []) { urls, part in
      if part.contains("://") || urls.isEmpty { urls.append(String(part)) } else { urls[urls.count - 1] += ",\(part)" }
    }
  }

  private init(url text: String) throws(Invalid) {
    let url = try Self.parts(text, Self.expected)
    self.init(place: .host(Host(url.host, port: url.port ?? 6379)))
    try take(url, isTLS: url.scheme.hasPrefix("rediss"))
    database = try Self.database(url.path.dropFirst())
  }

  private init(sentinel text: String, authority start: String.Index) throws(Invalid) {
    let authority = text[start...].prefix { $0 != "/" && $0 != "?" }
    let user = authority.lastIndex(of: "@").map { authority[...$0] } ?? authority.prefix(0)
    let names = authority[user.endIndex...].split(separator: ",", omittingEmptySubsequences: false)
    guard names.count <= Self.mostSentinels else { throw Invalid(message: Self.expectedSentinel) }
    // Parses one URL per sentinel. User, password, path and query are the same for all.
    var hosts: [Host] = []
    var first: URLParts?
    for name in names {
      let url = try Self.parts(
        "\(text[..<start])\(user)\(name)\(text[authority.endIndex...])", Self.expectedSentinel)
      hosts.append(Host(url.host, port: url.port ?? 26_379))
      first = first ?? url
    }
    guard let first else { throw Invalid(message: Self.expectedSentinel) }
    let path = first.path.dropFirst().split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
    guard let master = path.first, !master.isEmpty else { throw Invalid(message: Self.expectedSentinel) }
    self.init(place: .sentinel(hosts, master: String(master)))
    try take(first, isTLS: first.scheme.hasPrefix("rediss"))
    database = try Self.database(path.count > 1 ? path[1] : "")
  }

  private static func parts(_ text: String, _ expected: String) throws(Invalid) -> URLParts {
    do throws(URLParts.Invalid) {
      let url = try URLParts(text)
      if !text.contains("#"), url.host.utf8.allSatisfy({ $0 < 0x80 }) { return url }
    } catch {
      switch error {
      case .port: throw Invalid(message: "expected a port from 1 to 65535")
      case .escape: throw Invalid(message: "`%` in a user or password is written as %25")
      case .other: break
      }
    }
    throw Invalid(message: expected)
  }

  private mutating func take(_ url: URLParts, isTLS: Bool) throws(Invalid) {
    user = url.user.flatMap { $0.isEmpty ? nil : $0 }
    password = url.password.flatMap { $0.isEmpty ? nil : $0 }
    if user != nil, password == nil { throw Invalid(message: "a user needs a password: redis://user:password@host") }
    let arguments = url.arguments
    if isTLS {
      tls = TLS(authorities: arguments["cacert"], certificate: arguments["cert"], key: arguments["key"])
    }
    let known: Set<String> = isTLS ? ["cacert", "cert", "key"] : []
    guard known.isSuperset(of: arguments.keys) else {
      throw Invalid(message: "after `?` stand `cacert`, `cert` and `key` of rediss://, each a file in PEM")
    }
    if (tls?.certificate == nil) != (tls?.key == nil) { throw Invalid(message: "`cert` and `key` go together") }
  }

  private static func database(_ text: Substring) throws(Invalid) -> Int {
    if text.isEmpty { return 0 }
    guard let number = Int(text), (0...1_000_000).contains(number) else {
      throw Invalid(message: "expected a database's number after the last /")
    }
    return number
  }

  /// The configured URL, without user and password.
  package var url: String {
    let scheme = tls == nil ? "redis" : "rediss"
    return switch place {
    case .socket: "unix://\(name)"
    case .host: "\(scheme)://\(name)\(query)"
    case .sentinel(let hosts, let master):
      "\(scheme)+sentinel://\(hosts.map(\.text).joined(separator: ","))/\(master)\(suffix)\(query)"
    }
  }

  private var query: String {
    let files = [("cacert", tls?.authorities), ("cert", tls?.certificate), ("key", tls?.key)]
    let members = files.compactMap { name, file in file.map { "\(name)=\($0)" } }
    return members.isEmpty ? "" : "?" + members.joined(separator: "&")
  }

  private var suffix: String { database == 0 ? "" : "/\(database)" }

  /// Display name: `host:6379`, `host:6379/2`, the socket's path, `master at host:26379`. Without user and password.
  package var name: String {
    switch place {
    case .host(let host): host.text + suffix
    case .socket(let path): path + suffix
    case .sentinel(let hosts, let master):
      "\(master)\(suffix) of sentinel \(hosts.map(\.text).joined(separator: ","))"
    }
  }
}
