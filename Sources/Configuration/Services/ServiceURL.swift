import Clients

/// A URL of a service, taken apart as far as is needed to keep its password out of sight.
struct ServiceURL {
  /// Without user and password.
  var text: String
  var user: String?
  var password: String?

  /// `nil` for what is not `http://host…` or `https://host…`.
  init?(_ text: String) {
    guard let url = try? URLParts(text), ["http", "https"].contains(url.scheme), let mark = text.firstRange(of: "://")
    else {
      return nil
    }
    let authority = text[mark.upperBound...].prefix { $0 != "/" && $0 != "?" && $0 != "#" }
    let host = authority.lastIndex(of: "@").map { text[text.index(after: $0)...] } ?? text[mark.upperBound...]
    self.text = url.scheme + "://" + host
    (user, password) = (url.user, url.password)
  }

  /// What is behind the `?`.
  var query: Substring? { text.firstIndex(of: "?").map { text[text.index(after: $0)...] } }

  /// What was found in place of a URL, as the end of an error; empty where it may hold a secret.
  static func found(_ resolved: References.Resolved) -> String {
    let mayBeSecret = !resolved.values.isEmpty || resolved.text.contains { $0 == "@" || $0 == "?" }
    return mayBeSecret ? "" : ", found `\(resolved.text)`"
  }

  /// What stands in the query under a name such as `api_key`, `token` or `sig`, as it is written and decoded.
  var secretArguments: [String] {
    let written = (query ?? "").split(separator: "&").compactMap { member -> String? in
      let parts = member.split(separator: "=", maxSplits: 1)
      return parts.count == 2 && Self.isSecret(argument: parts[0]) ? String(parts[1]) : nil
    }
    let decoded = (try? URLParts(text))?.arguments.filter { Self.isSecret(argument: $0.key[...]) }.map(\.value) ?? []
    return written + decoded
  }

  private static let secretWords = [
    "token", "secret", "password", "passwd", "pwd", "signature", "apikey", "accesskey", "subscriptionkey", "credential",
    "authorization", "jwt",
  ]
  private static let secretNames = ["key", "sig", "sas", "code", "auth", "pass"]

  private static func isSecret(argument name: Substring) -> Bool {
    let plain = String(name.lowercased().filter { $0.isLetter || $0.isNumber })
    return secretNames.contains(plain) || secretWords.contains { plain.contains($0) }
  }

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
}
