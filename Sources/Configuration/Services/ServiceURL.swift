import Clients

/// A URL of a service, taken apart as far as is needed to keep its password out of sight.
struct ServiceURL {
  /// Without user and password.
  var text: String
  var user: String?
  var password: String?

  /// `nil` for what is not `http://host…` or `https://host…`.
  init?(_ text: String) {
    guard let url = try? URLParts(text), ["http", "https"].contains(url.scheme), let mark = text.firstRange(of: "://") else {
      return nil
    }
    let authority = text[mark.upperBound...].prefix { $0 != "/" && $0 != "?" && $0 != "#" }
    let host = authority.lastIndex(of: "@").map { text[text.index(after: $0)...] } ?? text[mark.upperBound...]
    self.text = url.scheme + "://" + host
    (user, password) = (url.user, url.password)
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
}
