import CCurl

/// The components of a URL, parsed by libcurl.
package struct URLParts: Sendable, Equatable {
  package var scheme: String
  /// Decoded.
  package var user: String?
  /// Decoded.
  package var password: String?
  /// Without brackets.
  package var host: String
  package var port: Int?
  /// Not decoded.
  package var path: String
  /// Without the question mark, not decoded.
  package var query: String?

  package enum Invalid: Error {
    /// The port is not a number from 1 to 65535.
    case port
    /// The user or password contains a `%` that does not start a valid escape.
    case escape
    case other
  }

  /// Accepts only `scheme://[user[:password]@]host[:port]…`, with any scheme. An `@` in user or password need not be escaped as `%40`; a
  /// `%` must start an escape.
  package init(_ text: String) throws(Invalid) {
    guard text.utf8.allSatisfy({ $0 > 0x20 && $0 != 0x7f }), let mark = text.firstRange(of: "://"),
      let url = curl_url()
    else { throw .other }
    defer { curl_url_cleanup(url) }
    let flags = UInt32(CURLU_NON_SUPPORT_SCHEME | CURLU_PATH_AS_IS)
    let code = try curl_url_set(url, CURLUPART_URL, Self.withEscapedUser(text, authority: mark.upperBound), flags)
    guard code == CURLUE_OK, let scheme = Self.part(url, CURLUPART_SCHEME), let host = Self.part(url, CURLUPART_HOST)
    else { throw code == CURLUE_BAD_PORT_NUMBER ? .port : .other }
    self.scheme = scheme
    self.host = host.hasPrefix("[") ? String(host.dropFirst().dropLast()) : host
    user = Self.part(url, CURLUPART_USER, isDecoded: true)
    password = Self.part(url, CURLUPART_PASSWORD, isDecoded: true)
    port = Self.part(url, CURLUPART_PORT).flatMap { Int($0) }
    path = Self.part(url, CURLUPART_PATH) ?? ""
    query = Self.part(url, CURLUPART_QUERY)
    if let port, !(1...65_535).contains(port) { throw .port }
  }

  /// The query parameters, decoded. If a name occurs more than once, the last value is used.
  package var arguments: [String: String] {
    var arguments: [String: String] = [:]
    for member in query?.split(separator: "&") ?? [] {
      let parts = member.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      arguments[Self.decoded(parts[0])] = parts.count > 1 ? Self.decoded(parts[1]) : ""
    }
    return arguments
  }

  /// Escapes the user part, because libcurl ends it at the first `@` and does not reject invalid escapes.
  private static func withEscapedUser(_ text: String, authority start: String.Index) throws(Invalid) -> String {
    let authority = text[start...].prefix { $0 != "/" && $0 != "?" && $0 != "#" }
    if authority.isEmpty { throw .other }
    guard let at = authority.lastIndex(of: "@") else { return text }
    let user = authority[..<at]
    var rest = Array(user.utf8)[...]
    while let place = rest.firstIndex(of: UInt8(ascii: "%")) {
      let digits = rest[(place + 1)...].prefix(2)
      guard digits.count == 2, UInt8(String(decoding: digits, as: UTF8.self), radix: 16) != nil else { throw .escape }
      rest = rest[(place + 3)...]
    }
    return "\(text[..<start])\(user.replacing("@", with: "%40"))\(text[at...])"
  }

  private static func part(_ url: OpaquePointer, _ what: CURLUPart, isDecoded: Bool = false) -> String? {
    var text: UnsafeMutablePointer<CChar>?
    let flags = isDecoded ? UInt32(CURLU_URLDECODE) : 0
    guard curl_url_get(url, what, &text, flags) == CURLUE_OK, let text else { return nil }
    defer { curl_free(text) }
    return String(cString: text)
  }

  private static func decoded(_ text: Substring) -> String {
    var length: Int32 = 0
    let bytes = String(text)
    guard let plain = curl_easy_unescape(nil, bytes, Int32(clamping: bytes.utf8.count), &length) else { return bytes }
    defer { curl_free(plain) }
    return String(decoding: UnsafeRawBufferPointer(start: plain, count: Int(length)), as: UTF8.self)
  }
}
