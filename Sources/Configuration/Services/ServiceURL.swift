/// A URL of a service, taken apart as far as is needed to keep its password out of sight.
struct ServiceURL {
  /// Without user and password.
  var text: String
  var user: String?
  var password: String?

  /// `nil` for what is not `http://host…` or `https://host…`.
  init?(_ text: String) {
    guard let scheme = ["http://", "https://"].first(where: { text.lowercased().hasPrefix($0) }) else { return nil }
    guard text.utf8.allSatisfy({ $0 > 0x20 && $0 != 0x7f }) else { return nil }
    let rest = text.dropFirst(scheme.count)
    let authority = rest.prefix { $0 != "/" && $0 != "?" && $0 != "#" }
    let host = authority.lastIndex(of: "@").map { authority[authority.index(after: $0)...] } ?? authority
    guard Self.isHost(host) else { return nil }
    self.text = scheme + host + rest[authority.endIndex...]
    guard host.startIndex != authority.startIndex else { return }
    let parts = authority[..<authority.index(before: host.startIndex)].split(
      separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
    user = Self.decoded(parts[0])
    password = parts.count == 2 ? Self.decoded(parts[1]) : nil
  }

  /// What is behind the `?`.
  var query: Substring? { text.firstIndex(of: "?").map { text[text.index(after: $0)...] } }

  /// `path` behind the server of `url`.
  static func sibling(of url: String, path: String) -> String {
    guard let start = url.firstRange(of: "://") else { return url }
    return String(url[..<url[start.upperBound...].prefix { $0 != "/" && $0 != "?" && $0 != "#" }.endIndex]) + path
  }

  /// The URL with `path` where it has none.
  static func completed(_ url: String, path: String) -> String {
    let server = sibling(of: url, path: "")
    return url == server || url == server + "/" ? server + path : url
  }

  private static func isHost(_ host: Substring) -> Bool {
    let bracket = host.hasPrefix("[") ? host.firstIndex(of: "]") : nil
    let nameEnd = bracket.map { host.index(after: $0) } ?? host.firstIndex(of: ":") ?? host.endIndex
    let port = host[nameEnd...]
    guard nameEnd != host.startIndex, port.isEmpty || port.hasPrefix(":") else { return false }
    return port.isEmpty || UInt16(port.dropFirst()).map { $0 > 0 } ?? false
  }

  /// `%40` is `@`; what is no escape stays.
  private static func decoded(_ text: Substring) -> String {
    var bytes: [UInt8] = []
    var rest = text.utf8[...]
    while let byte = rest.popFirst() {
      if byte == UInt8(ascii: "%"), rest.count >= 2, let value = UInt8(Substring(rest.prefix(2)), radix: 16) {
        bytes.append(value)
        rest = rest.dropFirst(2)
      } else {
        bytes.append(byte)
      }
    }
    return String(decoding: bytes, as: UTF8.self)
  }
}
