import Text

/// A text with placeholders for fields: `/saga/retry/{saga.id}`. It is parsed once. Values are escaped for their position, so a value
/// cannot change the structure.
package struct ActionTemplate: Sendable, Equatable {
  /// Where the text is used.
  package enum Place: Sendable, Equatable {
    /// A URL or path; from the first `?` on its query.
    case url
    case header
    case json
    /// One argument of a command line.
    case argument
    /// A Kafka key, as raw bytes.
    case key
    case topic
  }

  package struct Invalid: Error, Equatable {
    package var message: String
  }

  enum Part: Sendable, Equatable {
    case literal(String)
    case field(String, ActionEscape)
  }

  let parts: [Part]
  package let place: Place
  /// The source text.
  package let text: String

  /// Throws for unknown fields and unclosed braces. `{{` and `}}` are single braces, except in JSON, where a brace starts a field only
  /// before a letter. The values of the fields in `slashes` may contain `/` in a path.
  package init(
    _ text: String, place: Place, fields: ActionFieldNames, slashes: Set<String> = []
  ) throws(Invalid) {
    var parser = ActionTemplateParser(text, place: place, fields: fields, slashes: slashes)
    parts = try parser.parse()
    self.place = place
    self.text = text
    if place == .json { try checkJSON() }
  }

  /// The field names in order of occurrence.
  package var fields: [String] {
    parts.compactMap { if case .field(let name, _) = $0 { name } else { nil } }
  }

  /// The text with all fields replaced. Fails for a missing field or a value that is invalid at its position.
  package func rendered(_ fields: ActionFields) -> Result<String, ActionFields.Missing> {
    var text = ""
    for (index, part) in parts.enumerated() {
      switch part {
      case .literal(let literal): text += literal
      case .field(let name, let escape):
        switch fields.value(of: name).flatMap({ escape.apply($0, name, isFirst: index == 0) }) {
        case .success(let value): text += value
        case .failure(let missing): return .failure(missing)
        }
      }
    }
    return check(text)
  }

  /// Checks what escaping single values cannot guarantee.
  private func check(_ text: String) -> Result<String, ActionFields.Missing> {
    switch place {
    case .url:
      let path = text.prefix { $0 != "?" && $0 != "#" }
      if !fields.isEmpty, path.split(separator: "/").contains(where: { $0 == "." || $0 == ".." }) {
        return .failure(.init(message: "the URL's path would have a part `.` or `..`: \(self.text)"))
      }
    case .topic:
      guard Self.isTopic(text) else { return .failure(.init(message: "`\(text)` is no name of a topic")) }
    case .json where !fields.isEmpty:
      guard JSONNode(Array(text.utf8)) != nil else {
        return .failure(.init(message: "with this saga's fields it is no JSON: \(self.text)"))
      }
    default: break
    }
    return .success(text)
  }

  package static func isTopic(_ text: String) -> Bool {
    !text.isEmpty && text.utf8.count <= 249 && text != "." && text != ".."
      && text.utf8.allSatisfy { ByteText.isUnreserved($0) && $0 != UInt8(ascii: "~") }
  }

  /// The template must be valid JSON for any field values.
  private func checkJSON() throws(Invalid) {
    let sample = parts.map { part in
      switch part {
      case .literal(let literal): literal
      case .field(_, .jsonString): "x"
      case .field: "0"
      }
    }
    if JSONNode(Array(sample.joined().utf8)) == nil { throw Invalid(message: "expected JSON, found `\(text)`") }
  }
}

/// Parses a template.
struct ActionTemplateParser {
  private let text: String
  private let place: ActionTemplate.Place
  private let fields: ActionFieldNames
  private let slashes: Set<String>
  private var rest: Substring
  private var literal = ""
  private var parts: [ActionTemplate.Part] = []
  /// Position in the text: in a JSON string; after the `?` of a URL.
  private var isInString = false
  private var isInQuery = false

  init(_ text: String, place: ActionTemplate.Place, fields: ActionFieldNames, slashes: Set<String>) {
    self.slashes = slashes
    self.text = text
    self.place = place
    self.fields = fields
    rest = Substring(text)
  }

  mutating func parse() throws(ActionTemplate.Invalid) -> [ActionTemplate.Part] {
    while let character = rest.popFirst() {
      switch character {
      case "{" where isField: try takeField()
      case "{" where place != .json && rest.first == "{", "}" where place != .json && rest.first == "}":
        literal.append(character)
        rest.removeFirst()
      default: takeLiteral(character)
      }
    }
    flush()
    try checkStart()
    return parts
  }

  /// In JSON an object's brace is followed by a quotation mark or a closing brace.
  private var isField: Bool {
    place == .json ? rest.first.map { $0.isLetter && $0.isASCII } ?? false : rest.first != "{"
  }

  private mutating func takeLiteral(_ character: Character) {
    literal.append(character)
    if place == .url, character == "?" { isInQuery = true }
    guard place == .json else { return }
    if character == "\\", isInString, let escaped = rest.popFirst() { literal.append(escaped) }
    if character == "\"" { isInString.toggle() }
  }

  private mutating func takeField() throws(ActionTemplate.Invalid) {
    guard let end = rest.firstIndex(of: "}") else {
      throw ActionTemplate.Invalid(message: "`{` without `}` in `\(text)`")
    }
    let name = String(rest[..<end])
    rest = rest[rest.index(after: end)...]
    if let problem = fields.problem(with: name) { throw ActionTemplate.Invalid(message: problem) }
    flush()
    parts.append(.field(name, escape(of: name)))
  }

  private mutating func flush() {
    if !literal.isEmpty { parts.append(.literal(literal)) }
    literal = ""
  }

  private func escape(of name: String) -> ActionEscape {
    switch place {
    case .url: isInQuery ? .query : slashes.contains(name) ? .pathWithSlash : .path
    case .header: .header
    case .json: isInString ? .jsonString : .jsonValue
    case .argument: .argument
    case .key: .key
    case .topic: .topic
    }
  }

  /// A saga's field must not choose the server.
  private func checkStart() throws(ActionTemplate.Invalid) {
    guard place == .url else { return }
    guard case .literal(let start)? = parts.first else {
      throw ActionTemplate.Invalid(message: "a URL or path begins with a fixed text, found `\(text)`")
    }
    let authority = start.firstRange(of: "://").map { start[$0.upperBound...] }
    guard start.hasPrefix("/") || (authority?.contains("/") ?? false) || parts.count == 1 else {
      throw ActionTemplate.Invalid(message: "the server of a URL is fixed: fields stand behind its first `/`")
    }
    guard start.unicodeScalars.allSatisfy({ $0.value > 0x20 && $0.value != 0x7f }) else {
      throw ActionTemplate.Invalid(message: "a URL has no blanks: `\(text)`")
    }
  }
}
