import Core
import Text

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
    guard value.utf8.count >= Self.shortest else { return }
    // As it stands in a document that repeats it, too.
    values.formUnion([value, JSONString.escaped(value)])
  }

  /// The password, and both as HTTP sends them: there are servers that repeat their request.
  mutating func insert(user: String?, password: String) {
    insert(password)
    insert(Base64.encoded(Array("\(user ?? ""):\(password)".utf8)))
  }

  /// Its password, and what stands in its query under a name that tells of a secret.
  mutating func insert(_ url: ServiceURL) {
    if let password = url.password { insert(user: url.user, password: password) }
    for value in url.secretArguments { insert(value) }
  }

  package var texts: [String] { values.sorted() }

  /// Whether one of them stands in the text as it is.
  func stand(in text: String) -> Bool { SecretText.isFound(values, in: text.utf8) }

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

  /// Masks messages of documents and commands: a server may repeat what it was asked with. A short text or a number is in them by chance, and
  /// stays.
  package var hide: @Sendable ([UInt8]) -> [UInt8] {
    let texts = values.filter { $0.utf8.count >= 8 && Double($0) == nil }
    return { texts.isEmpty ? $0 : SecretText.masked($0, texts) }
  }

  /// The text with `***` for each secret in it.
  package func mask(_ text: String) -> String { SecretText.masked(text, values) }
}
