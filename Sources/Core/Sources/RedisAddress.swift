/// Where a Redis server is and how it is entered: `redis://[user[:password]@]host[:port][/database]`, `rediss://` for TLS, or
/// `unix:///path`. What stands before `@` may be written with `%40` and its like.
package struct RedisAddress: Sendable, Equatable {
  package struct Invalid: Error, Equatable {
    /// Never repeats what may be a password.
    package var message: String
  }

  package enum Place: Sendable, Equatable {
    case host(String, port: Int)
    case socket(String)
  }

  private static let expected = "expected redis://[user:password@]host:port[/database] or unix:///path"

  package var place: Place
  package var user: String?
  package var password: String?
  package var database: Int
  package var isTLS: Bool

  package init(place: Place, user: String? = nil, password: String? = nil, database: Int = 0, isTLS: Bool = false) {
    self.place = place
    self.user = user
    self.password = password
    self.database = database
    self.isTLS = isTLS
  }

  package init(_ text: String) throws(Invalid) {
    guard let mark = text.firstRange(of: "://") else { throw Invalid(message: Self.expected) }
    var rest = text[mark.upperBound...]
    switch text[..<mark.lowerBound] {
    case "unix":
      guard rest.hasPrefix("/"), rest.utf8.count < 108 else {
        throw Invalid(message: "expected unix:///path/of/socket")
      }
      self.init(place: .socket(String(rest)))
    case "redis", "rediss":
      self.init(place: .host("", port: 6379), isTLS: text.hasPrefix("rediss"))
      if let at = rest.lastIndex(of: "@") {
        try enter(rest[..<at])
        rest = rest[rest.index(after: at)...]
      }
      try find(rest)
    default: throw Invalid(message: Self.expected)
    }
  }

  private mutating func enter(_ text: Substring) throws(Invalid) {
    let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false).map(Self.decoded)
    guard let first = parts.first, let first, !parts.contains(nil) else {
      throw Invalid(message: "`%` in a user or password is written as %25")
    }
    user = first.isEmpty ? nil : first
    password = parts.count > 1 ? parts[1].flatMap { $0.isEmpty ? nil : $0 } : nil
    if user != nil, password == nil { throw Invalid(message: "a user needs a password: redis://user:password@host") }
  }

  private mutating func find(_ text: Substring) throws(Invalid) {
    let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
    if parts.count > 1, !parts[1].isEmpty {
      guard let number = Int(parts[1]), (0...1_000_000).contains(number) else {
        throw Invalid(message: "expected a database's number after the last /")
      }
      database = number
    }
    var host = parts.first ?? ""
    var port = 6379
    let end = host.hasPrefix("[") ? host.lastIndex(of: "]") ?? host.startIndex : host.startIndex
    if let colon = host[end...].lastIndex(of: ":") {
      guard let number = Int(host[host.index(after: colon)...]), (1...65_535).contains(number) else {
        throw Invalid(message: "expected a port from 1 to 65535")
      }
      port = number
      host = host[..<colon]
    }
    if host.hasPrefix("["), host.hasSuffix("]") { host = host.dropFirst().dropLast() }
    guard !host.isEmpty, host.allSatisfy({ $0.isASCII && !$0.isWhitespace && $0 != "@" && $0 != "?" }) else {
      throw Invalid(message: Self.expected)
    }
    place = .host(String(host), port: port)
  }

  /// `nil` when `%` is not followed by two hexadecimal digits.
  private static func decoded(_ text: Substring) -> String? {
    var bytes: [UInt8] = []
    var rest = Array(text.utf8)[...]
    while let byte = rest.popFirst() {
      guard byte == UInt8(ascii: "%") else {
        bytes.append(byte)
        continue
      }
      guard rest.count >= 2, let value = UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16) else {
        return nil
      }
      bytes.append(value)
      rest = rest.dropFirst(2)
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  /// As it is configured, without user and password.
  package var url: String {
    if case .socket = place { return "unix://\(name)" }
    return "\(isTLS ? "rediss" : "redis")://\(name)"
  }

  /// For people: `host:6379`, `host:6379/2`, the socket's path. Without user and password.
  package var name: String {
    let suffix = database == 0 ? "" : "/\(database)"
    switch place {
    case .host(let host, let port): return (host.contains(":") ? "[\(host)]" : host) + ":\(port)" + suffix
    case .socket(let path): return path + suffix
    }
  }
}
