extension Filter {
  /// Reads a filter as it is typed. An unknown field before `:` is an error that names the known ones.
  package init(parsing text: String) throws(FilterError) {
    var terms: [Term] = []
    for word in Self.words(text) {
      let isNegated = word.first == "!" && word.count > 1
      terms.append(Term(condition: try Self.condition(isNegated ? word.dropFirst() : word[...]), isNegated: isNegated))
    }
    self.init(terms: terms)
  }

  /// The words of a filter that takes the sagas of one pattern.
  package static func text(pattern: String) -> String { "pattern=\(quoted(pattern))" }

  /// The words of a filter that looks for one text in a field.
  package static func text(_ field: Field, _ value: String) -> String { "\(field.rawValue):\(quoted(value))" }

  private static func quoted(_ text: String) -> String {
    let isPlain = !text.contains { $0 == " " || $0 == "\"" || $0 == "\\" }
    return isPlain ? text : "\"" + text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"") + "\""
  }

  /// A mark that is not closed holds to the end: it is being typed.
  private static func words(_ text: String) -> [String] {
    var words = [""]
    var isQuoted = false
    var isEscaped = false
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\\" where isQuoted && !isEscaped: isEscaped = true
      case "\"" where !isEscaped: isQuoted.toggle()
      case " " where !isQuoted: words.append("")
      default:
        words[words.count - 1].unicodeScalars.append(scalar)
        isEscaped = false
      }
    }
    return words.filter { !$0.isEmpty }
  }

  private static func condition(_ word: Substring) throws(FilterError) -> Condition {
    if word.hasPrefix("pattern=") { return .hasPattern(String(word.dropFirst(8))) }
    if word.hasPrefix("age>") { return .olderThan(try duration(word.dropFirst(4))) }
    if word.hasPrefix("age<") { return .youngerThan(try duration(word.dropFirst(4))) }
    guard let colon = word.firstIndex(of: ":") else { return .contains(.any, lowered(word)) }
    guard let field = Field(rawValue: String(word[..<colon])), field != .any else {
      let known = Field.allCases.dropFirst().map(\.rawValue).joined(separator: ", ")
      throw FilterError(message: "unknown field `\(word[..<colon])`: use \(known), age> or age<")
    }
    return .contains(field, lowered(word[word.index(after: colon)...]))
  }

  private static func duration(_ text: Substring) throws(FilterError) -> Duration {
    let units: [(suffix: String, seconds: Double)] = [("ms", 0.001), ("s", 1), ("m", 60), ("h", 3600), ("d", 86400)]
    for unit in units where text.hasSuffix(unit.suffix) {
      if let value = Double(text.dropLast(unit.suffix.count)), value >= 0, value < 1e6 {
        return .nanoseconds(Int64(value * unit.seconds * 1e9))
      }
    }
    throw FilterError(message: "`\(text)` is no age: write it as 30s, 5m or 2h")
  }

  private static func lowered(_ text: Substring) -> [UInt8] {
    text.utf8.map(ASCIIMatch.lowered)
  }
}
