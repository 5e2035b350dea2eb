import Core

/// Parses and writes field sources of the configuration: `data.orderId`, `items.0.id`, `items.*.id`, `header:node`, `key`, `key.id`,
/// `topic`, and templates of them, `{tenant}/{orderId}`. `$.` before a path stops the special meaning of its names.
package enum FieldSourceText {
  package struct Invalid: Error, Equatable {
    package var message: String
    /// The message without a suggestion, which is a changed form of the text: a secret in it would not be masked.
    fileprivate var plain: String

    fileprivate init(message: String) { (self.message, plain) = (message, message) }

    fileprivate init(_ text: String, meant: some StringProtocol) {
      message = "`\(text)`: did you mean `\(meant)`? A member that is called so is written `$.\(text)`"
      plain = Self.unknown(text).message
    }

    fileprivate static func unknown(_ text: String) -> Invalid {
      Invalid(
        message: "expected a path such as data.orderId, header:NAME, key, topic or a template of them, found `\(text)`")
    }
  }

  private static let deepest = 16

  /// Throws for a source that can never match, with a suggestion.
  package static func parse(_ text: String) throws(Invalid) -> FieldSource {
    text.contains("{") || text.contains("}") ? try template(text) : try plain(text)
  }

  private static func template(_ text: String) throws(Invalid) -> FieldSource {
    var parts: [FieldSource.Part] = []
    var literal = ""
    var rest = text[...]
    while let character = rest.popFirst() {
      guard character == "{" || character == "}" else {
        literal.append(character)
        continue
      }
      if rest.first == character {
        literal.append(character)
        rest.removeFirst()
        continue
      }
      guard character == "{" else {
        throw Invalid(message: "`}` without `{` in `\(text)`; a brace by itself is written `}}`")
      }
      guard let end = rest.firstIndex(of: "}") else { throw Invalid(message: "`{` without `}` in `\(text)`") }
      if !literal.isEmpty { parts.append(.text(literal)) }
      literal = ""
      parts.append(.field(try plain(String(rest[..<end]))))
      rest = rest[rest.index(after: end)...]
    }
    if !literal.isEmpty { parts.append(.text(literal)) }
    if parts.count == 1, case .field(let source) = parts[0] { return source }
    guard parts.contains(where: { if case .field = $0 { true } else { false } }) else {
      throw Invalid(message: "`\(text)` is a text in which no field stands, such as {orderId}")
    }
    return .template(parts)
  }

  private static func plain(_ text: String) throws(Invalid) -> FieldSource {
    if text == "key" { return .key }
    if text == "topic" { return .topic }
    if text.hasPrefix("header:") {
      guard text.count > 7 else { throw .unknown(text) }
      return .header(String(text.dropFirst(7)))
    }
    if text.hasPrefix("$.") { return .path(try names(text.dropFirst(2), text)) }
    try refuseLikely(text)
    if text.hasPrefix("key.") { return .keyPath(try names(text.dropFirst(4), text)) }
    return .path(try names(text[...], text))
  }

  private static func names(_ path: Substring, _ text: String) throws(Invalid) -> [String] {
    let names = path.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
    guard !names.contains(""), names.count <= deepest else { throw .unknown(text) }
    return names
  }

  /// Rejects the syntax of other languages, with a suggestion.
  private static func refuseLikely(_ text: String) throws(Invalid) {
    let lowered = text.lowercased()
    for prefix in ["header:", "headers:", "header."] where lowered.hasPrefix(prefix) && prefix != "header." {
      let name = text.dropFirst(prefix.count)
      throw Invalid(text, meant: "header:\(name.first == " " ? name.dropFirst() : name)")
    }
    if text.contains("["), text.contains("]") {
      var path = text.replacing("[", with: ".").replacing("]", with: "").replacing("\"", with: "").replacing(
        "'", with: "")
      if path.hasPrefix("$.") { path = String(path.dropFirst(2)) }
      throw Invalid(text, meant: path.replacing("..", with: "."))
    }
    if text.hasPrefix("$") || text.hasPrefix("/") {
      let path = text.drop { $0 == "$" || $0 == "/" }.replacing("/", with: ".")
      throw Invalid(text, meant: path)
    }
  }

  /// A warning for a path that is valid but probably a mistake. `nil` for any other text.
  static func doubt(_ text: String) -> String? {
    let names: [(prefix: String, meaning: (Substring) -> String)] = [
      ("headers.", { "a Kafka header is written `header:\($0)`" }),
      ("header.", { "a Kafka header is written `header:\($0)`" }),
      ("value.", { "a member of the message is written without it, `\($0)`" }),
      ("body.", { "a member of the message is written without it, `\($0)`" }),
    ]
    for (prefix, meaning) in names where text.hasPrefix(prefix) {
      let rest = text.dropFirst(prefix.count)
      return
        "`\(text)` is looked for in a member `\(prefix.dropLast())` of the body; \(meaning(rest)), and `$.\(text)` says that the "
        + "member is meant"
    }
    return nil
  }

  /// The text that `parse` reads as this source without a warning.
  package static func text(_ source: FieldSource) -> String {
    switch source {
    case .key: return "key"
    case .keyPath(let names): return "key." + names.joined(separator: ".")
    case .topic: return "topic"
    case .header(let name): return "header:\(name)"
    case .path(let names):
      let path = names.joined(separator: ".")
      return (try? parse(path)) == source && doubt(path) == nil ? path : "$.\(path)"
    case .template(let parts):
      return parts.map { part in
        switch part {
        case .text(let text): text.replacing("{", with: "{{").replacing("}", with: "}}")
        case .field(let source): "{\(text(source))}"
        }
      }.joined()
    }
  }
}

extension MappingReader {
  /// One field source or a list of field sources, in order of preference.
  mutating func sources(_ name: String) -> [FieldSource] {
    take(name).map { reading.sources($0, name) } ?? []
  }
}

extension ParseContext {
  func sources(_ node: YamlNode, _ name: String) -> [FieldSource] {
    let isReferenced = !references(in: node).isEmpty
    return words(node, name).compactMap { source($0.text, $0.mark, name, isReferenced: isReferenced) }
  }

  /// `isReferenced`: a part of the text comes from the environment or a file, and may be a secret.
  func source(_ text: String, _ mark: YamlNode.Mark, _ name: String, isReferenced: Bool = false) -> FieldSource? {
    do throws(FieldSourceText.Invalid) {
      let source = try FieldSourceText.parse(text)
      if let doubt = FieldSourceText.doubt(text) { warn(mark, "`\(name)`: \(doubt)") }
      return source
    } catch {
      add(mark, "`\(name)`: \(isReferenced ? error.plain : error.message)")
      return nil
    }
  }

  /// A name, in which a brace has no meaning. A brace is an error if `isOwn` (names that sagatop defines), else a warning.
  func name(_ node: YamlNode, _ key: String, isOwn: Bool = false) -> String? {
    guard let text = word(node, key) else { return nil }
    guard text.contains("{") else { return text }
    let message = "`\(key)`: `\(text)` is a name and no template"
    if isOwn { add(node.mark, message) } else { warn(node.mark, message) }
    return isOwn ? nil : text
  }
}
