/// Takes a template's text apart.
struct ActionTemplateParser {
  private let text: String
  private let place: ActionTemplate.Place
  private let fields: ActionFieldNames
  private var rest: Substring
  private var literal = ""
  private var parts: [ActionTemplate.Part] = []
  /// In a JSON string; behind the `?` of a URL.
  private var isInString = false
  private var isInQuery = false

  init(_ text: String, place: ActionTemplate.Place, fields: ActionFieldNames) {
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
    parts.append(.field(name, escape))
  }

  private mutating func flush() {
    if !literal.isEmpty { parts.append(.literal(literal)) }
    literal = ""
  }

  private var escape: ActionEscape {
    switch place {
    case .url: isInQuery ? .query : .path
    case .header: .header
    case .json: isInString ? .jsonString : .jsonValue
    case .argument: .argument
    case .key: .key
    case .topic: .topic
    }
  }

  /// No saga decides which server is spoken to.
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
