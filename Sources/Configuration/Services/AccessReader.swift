import Core

/// Reads credentials, headers and TLS options of a server. Services and APIs use the same keys.
struct AccessReader {
  private static let secretHeaders = ["authorization", "token", "key", "cookie", "secret", "password"]

  let reading: ParseContext
  private(set) var secrets = Secrets()

  init(reading: ParseContext) {
    self.reading = reading
  }

  mutating func read(_ reader: inout MappingReader) -> HTTPAccess {
    var access = HTTPAccess()
    if let headers = reader.take("headers") { readHeaders(headers, into: &access) }
    if let basic = reader.take("basic") {
      var basic = MappingReader(basic, "`basic`", reading)
      access.user = basic.string("user")
      access.password = basic.take("password").flatMap { secret($0, "password") }
      if let password = access.password { secrets.insert(user: access.user, password: password) }
      basic.finish()
    }
    access.bearer = reader.take("bearer").flatMap { secret($0, "bearer") }
    access.authorities = reader.path("ca")
    access.certificate = reader.path("certificate")
    access.key = reader.path("key")
    access.keyPassword = reader.take("keyPassword").flatMap { secret($0, "keyPassword") }
    access.unixSocket = reader.path("unixSocket")
    access.host = reader.take("host").flatMap { node in reading.word(node, "host").flatMap { header($0, node.mark) } }
    return access
  }

  private mutating func readHeaders(_ node: YamlNode, into access: inout HTTPAccess) {
    var reader = MappingReader(node, "`headers`", reading)
    for (key, name, value) in reader.takeAll() {
      guard Self.isHeader(name) else {
        reading.add(key.mark, "`headers`: `\(name)` is no name of a header")
        continue
      }
      guard let resolved = reading.resolved(value, name), let text = header(resolved.text, value.mark) else { continue }
      access.headers.append((name, text))
      for value in resolved.values { secrets.insert(value) }
      guard Self.isSecret(header: name) else { continue }
      secrets.insert(text)
      // Also without the scheme before it, such as `Bearer` or `Basic`.
      if let word = text.split(separator: " ").last, word.utf8.count >= 8 { secrets.insert(String(word)) }
    }
  }

  /// Whether headers with this name have secret values.
  static func isSecret(header name: String) -> Bool { secretHeaders.contains(where: name.lowercased().contains) }

  static func isHeader(_ name: String) -> Bool {
    !name.isEmpty && name.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7f && $0 != UInt8(ascii: ":") }
  }

  /// Rejects control characters, which could inject another header.
  func header(_ text: String, _ mark: YamlNode.Mark) -> String? {
    if text.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7f }) { return text }
    reading.add(mark, "a header's value is one line without control characters")
    return nil
  }

  private mutating func secret(_ node: YamlNode, _ key: String) -> String? {
    guard let text = reading.word(node, key) else { return nil }
    secrets.insert(text)
    return header(text, node.mark)
  }
}
