import Core
import Text

/// Resolves the references `${env:NAME}` and `${file:PATH}`.
struct References {
  struct Missing: Error {
    var message: String
  }

  struct Resolved: Equatable {
    var text: String
    /// The values of the references.
    var values: [String] = []
  }

  private static let longestFile = 64 * 1024

  private let environment: [String: String]
  private let directories: [String]
  private let isResolving: Bool

  /// Relative paths start at `directory`. If `isResolving` is false, references stay unresolved, for files that are only validated.
  init(environment: [String: String], directory: String, isResolving: Bool = true) {
    self.init(environment: environment, directories: [directory], isResolving: isResolving)
  }

  /// For several files; `directories` is indexed by the file number in a mark.
  init(environment: [String: String], directories: [String], isResolving: Bool = true) {
    self.environment = environment
    self.directories = directories
    self.isResolving = isResolving
  }

  /// The same, but without resolving references.
  var unresolved: References { References(environment: environment, directories: directories, isResolving: false) }

  /// The result is `nil` if the text has references and they are not resolved.
  func resolve(_ text: String, file: Int = 0) -> Result<Resolved?, Missing> {
    var result = Resolved(text: "")
    var isWhole = true
    var rest = Substring(text)
    while let open = rest.firstRange(of: "${") {
      guard let close = rest[open.upperBound...].firstIndex(of: "}") else {
        return .failure(Missing(message: "`${` without `}`"))
      }
      result.text += rest[..<open.lowerBound]
      switch value(of: rest[open.upperBound..<close], file) {
      case .success(let value?):
        result.text += value
        result.values.append(value)
      case .success(nil): isWhole = false
      case .failure(let error): return .failure(error)
      }
      rest = rest[rest.index(after: close)...]
    }
    result.text += rest
    return .success(isWhole ? result : nil)
  }

  /// The result is `nil` if references are not resolved.
  private func value(of reference: Substring, _ file: Int) -> Result<String?, Missing> {
    let parts = reference.split(separator: ":", maxSplits: 1)
    guard parts.count == 2, parts[0] == "env" || parts[0] == "file" else {
      return .failure(Missing(message: "expected ${env:NAME} or ${file:PATH}, found `${\(reference)}`"))
    }
    guard isResolving else { return .success(nil) }
    let name = String(parts[1])
    if parts[0] == "file" { return contents(of: path(name, file: file)) }
    guard let value = environment[name] else {
      return .failure(Missing(message: "the environment variable \(name) is not set"))
    }
    return .success(value)
  }

  /// The file's text without trailing line breaks.
  private func contents(of path: String) -> Result<String?, Missing> {
    switch TextFile.read(path, atMost: Self.longestFile) {
    case .success(let bytes):
      let text = String(decoding: bytes, as: UTF8.self)
      let end = text.lastIndex { !$0.isNewline }.map { text.index(after: $0) } ?? text.startIndex
      return .success(String(text[..<end]))
    case .failure(let error): return .failure(Missing(message: error.message))
    }
  }

  /// A path in a file as a path relative to the working directory. `~/` is the home directory.
  func path(_ name: String, file: Int = 0) -> String {
    if name.hasPrefix("~/"), let home = environment["HOME"], !home.isEmpty { return home + name.dropFirst() }
    let directory = directories[file]
    return name.hasPrefix("/") || directory.isEmpty ? name : "\(directory)/\(name)"
  }
}

/// Texts that must not appear in any output: values of client properties that contain a password or a key, and values of references used
/// for them.
package struct Secrets: Sendable, Equatable {
  private static let words = ["password", "secret", "oauthbearer.config", ".pem"]
  /// A shorter text also matches by coincidence, and hiding it would make messages unreadable.
  private static let shortest = 4
  private static let shortestLiteral = 8
  private static let shortestPart = 16

  private var values: Set<String> = []

  package init() {}

  package var isEmpty: Bool { values.isEmpty }

  package mutating func insert(_ value: String) {
    guard value.utf8.count >= Self.shortest else { return }
    // Also as escaped in JSON, because a document may repeat it.
    values.formUnion([value, JSONString.escaped(value)])
  }

  /// Adds the password, and user and password as HTTP Basic sends them, because some servers repeat the request.
  mutating func insert(user: String?, password: String) {
    insert(password)
    insert(Base64.encoded(Array("\(user ?? ""):\(password)".utf8)))
  }

  /// Adds the URL's password, and the values of query arguments whose names indicate a secret.
  mutating func insert(_ url: ServiceURL) {
    if let password = url.password { insert(user: url.user, password: password) }
    for value in url.secretArguments { insert(value) }
  }

  /// Adds a URL whose path is a secret, as that of a webhook. Short parts of a path, such as `hook`, are words.
  mutating func insert(webhook url: ServiceURL) {
    insert(url)
    let path = url.text.dropFirst(ServiceURL.sibling(of: url.text, path: "").count)
    let parts = path.split { "/?&=".contains($0) }.filter { $0.utf8.count >= Self.shortestPart }
    for part in parts { insert(String(part)) }
    if !parts.isEmpty { insert(String(path)) }
  }

  /// Adds what is probably a secret in a text. A shorter one is masked only where it is written.
  mutating func insert(literals: [String]) {
    // Also without the scheme before it, such as `Bearer`.
    let words = literals.compactMap { $0.split(separator: " ").last.map(String.init) }
    for value in literals + words where value.utf8.count >= Self.shortestLiteral { insert(value) }
  }

  package var texts: [String] { values.sorted() }

  /// Whether the text contains one of them literally.
  func stand(in text: String) -> Bool { SecretText.isFound(values, in: text.utf8) }

  package mutating func merge(_ other: Secrets) { values.formUnion(other.values) }

  private static let hints = [
    "password", "passwd", "pwd", "secret", "token", "bearer", "basic ", "apikey", "api_key", "api-key",
  ]

  /// Whether a text may contain a secret: a URL with a user or a query, or a text with a word such as "token". Errors do not quote such
  /// texts.
  static func mayBe(in text: String) -> Bool {
    if text.contains("://"), text.contains(where: { $0 == "@" || $0 == "?" }) { return true }
    let lowered = text.lowercased()
    return hints.contains { lowered.contains($0) } || LiteralSecrets.isFound(in: text)
  }

  /// The end of an error message that quotes the invalid text. Empty if the text may contain a secret.
  static func found(_ text: String) -> String { mayBe(in: text) ? "" : ", found `\(text)`" }

  /// Whether a property with this name is a secret, whether or not its value comes from a reference.
  package static func isSecret(property name: String) -> Bool {
    words.contains { name.contains($0) }
  }

  /// Masks secrets in messages of documents and commands, because a server may repeat the request. Short secrets and numbers are not
  /// masked: they may match by coincidence.
  package var hide: @Sendable ([UInt8]) -> [UInt8] {
    let texts = values.filter { $0.utf8.count >= 8 && Double($0) == nil }
    return { texts.isEmpty ? $0 : SecretText.masked($0, texts) }
  }

  /// The text with `***` for each secret in it.
  package func mask(_ text: String) -> String { SecretText.masked(text, values) }
}
