import Core
import Text

/// Puts in what `${env:NAME}` and `${file:PATH}` stand for.
struct References {
  struct Missing: Error {
    var message: String
  }

  struct Resolved: Equatable {
    var text: String
    /// What each reference stood for.
    var values: [String] = []
  }

  private static let longestFile = 64 * 1024

  private let environment: [String: String]
  private let directories: [String]
  private let isResolving: Bool

  /// Relative paths start at `directory`. With `isResolving` false references stay unresolved, for what is read only to be checked.
  init(environment: [String: String], directory: String, isResolving: Bool = true) {
    self.init(environment: environment, directories: [directory], isResolving: isResolving)
  }

  /// Of several files that are read together, by the numbers in their marks.
  init(environment: [String: String], directories: [String], isResolving: Bool = true) {
    self.environment = environment
    self.directories = directories
    self.isResolving = isResolving
  }

  /// The same, but references stay unresolved.
  var unresolved: References { References(environment: environment, directories: directories, isResolving: false) }

  /// `nil` when the text has references and they stay unresolved.
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

  /// `nil` when references stay unresolved.
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

  /// A file's text without the line feed that editors put at its end.
  private func contents(of path: String) -> Result<String?, Missing> {
    switch TextFile.read(path, atMost: Self.longestFile) {
    case .success(let bytes):
      let text = String(decoding: bytes, as: UTF8.self)
      let end = text.lastIndex { !$0.isNewline }.map { text.index(after: $0) } ?? text.startIndex
      return .success(String(text[..<end]))
    case .failure(let error): return .failure(Missing(message: error.message))
    }
  }

  /// A path as a file names it, from where the program runs: `~/` is the home directory.
  func path(_ name: String, file: Int = 0) -> String {
    if name.hasPrefix("~/"), let home = environment["HOME"], !home.isEmpty { return home + name.dropFirst() }
    let directory = directories[file]
    return name.hasPrefix("/") || directory.isEmpty ? name : "\(directory)/\(name)"
  }
}

/// Texts that no output may show: the values of client properties that hold a password or a key, and whatever the environment or a
/// file gave to any of them.
package struct Secrets: Sendable, Equatable {
  private static let words = ["password", "secret", "oauthbearer.config", ".pem"]
  /// A shorter text is found by chance, and hiding it hides the message around it.
  private static let shortest = 4

  private var values: Set<String> = []

  package init() {}

  package var isEmpty: Bool { values.isEmpty }

  package mutating func insert(_ value: String) {
    guard value.count >= Self.shortest else { return }
    // As it stands in a document that repeats it, too.
    values.formUnion([value, JSONString.escaped(value)])
  }

  /// Its password, and what stands in its query under a name that tells of a secret.
  mutating func insert(_ url: ServiceURL) {
    if let password = url.password { insert(password) }
    for value in url.secretArguments { insert(value) }
  }

  package var texts: [String] { values.sorted() }

  /// Whether one of them stands in the text as it is.
  func stand(in text: String) -> Bool { values.contains { text.contains($0) } }

  package mutating func merge(_ other: Secrets) { values.formUnion(other.values) }

  private static let hints = [
    "password", "passwd", "pwd", "secret", "token", "bearer", "basic ", "apikey", "api_key", "api-key",
  ]

  /// A URL with a user or a query may hold a password or a token, and so may a text that names one: no error quotes it.
  static func mayBe(in text: String) -> Bool {
    if text.contains("://"), text.contains(where: { $0 == "@" || $0 == "?" }) { return true }
    let lowered = text.lowercased()
    return hints.contains { lowered.contains($0) }
  }

  /// What was found in place of something else, as the end of an error; empty where it may hold a secret.
  static func found(_ text: String) -> String { mayBe(in: text) ? "" : ", found `\(text)`" }

  /// Whether a property of this name holds a secret however its value was given.
  package static func isSecret(property name: String) -> Bool {
    words.contains { name.contains($0) }
  }

  /// The text with `***` for each secret in it.
  package func mask(_ text: String) -> String {
    var masked = text
    // A secret that is part of another must not leave the rest of that one standing.
    for value in values.sorted(by: { ($0.count, $0) > ($1.count, $1) }) {
      masked = masked.replacing(value, with: "***")
    }
    return masked
  }
}
