import Text

/// An invalid filter: the error, its position, and a suggestion.
package struct FilterError: Error, Equatable {
  /// Column of the first wrong character, starting at 1.
  package var column: Int
  /// The displayed message, with the column.
  package var message: String
  /// The known word that the message suggests; `nil` if none is similar.
  package var suggestion: String?

  /// `details` follow the suggestion.
  init(column: Int, _ problem: String, suggestion: String? = nil, details: String = "") {
    self.column = column
    self.suggestion = suggestion
    message = "column \(column): \(problem)\(NearestWord.hint(suggestion))\(details)"
  }
}

extension FilterError {
  /// For `@name` that is not configured.
  package static func unknownName(_ name: String, among known: [String]) -> FilterError {
    let names = known.isEmpty ? "the configuration has no `filters`" : "there are \(known.joined(separator: ", "))"
    return FilterError(
      column: 1, "no filter is called `\(name)`", suggestion: NearestWord.to(name, among: known), details: ": \(names)")
  }
}

extension Filter {
  /// Parses a filter with the words of the list. Anything that could silently match too much or nothing is an error. `decidesAction`: ids
  /// are exact unless they contain `*`, and a filter that is not decisive is refused.
  package init(
    parsing text: String, for vocabulary: FilterVocabulary, decidesAction: Bool = false
  ) throws(FilterError) {
    var terms: [Term] = []
    for token in try FilterToken.all(of: text) {
      terms.append(try TermReader(token: token, vocabulary: vocabulary, isIDExact: decidesAction).term())
    }
    self.init(terms: terms)
    guard decidesAction, !isDecisive else { return }
    throw FilterError(
      column: 1,
      terms.isEmpty
        ? "empty: it would take every row; expected words such as status:stuck"
        : "only searches or leaves out, which decides nothing; add what it must be, such as status:stuck")
  }

  /// The filter text for the sagas of one failure pattern.
  package static func text(pattern: String) -> String { "pattern=\(quoted(pattern))" }

  /// The filter text for one word. The word must be in the vocabulary of the rows.
  package static func text(_ word: String, _ value: String) -> String { "\(word):\(quoted(value))" }

  private static func quoted(_ text: String) -> String {
    let isPlain = !text.isEmpty && !text.contains { $0.isWhitespace || $0 == "\"" || $0 == "\\" }
    return isPlain ? text : "\"" + text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"") + "\""
  }
}

/// A typed filter word: its characters without the quotes, each with its column and whether it was quoted.
private struct FilterToken {
  struct Letter {
    var scalar: Unicode.Scalar
    var column: Int
    var isQuoted: Bool
  }

  var column: Int
  var letters: [Letter] = []
  var isNegated = false

  static func all(of text: String) throws(FilterError) -> [FilterToken] {
    var tokens: [FilterToken] = []
    var quote: Int?
    var (isOpen, isEscaped) = (false, false)
    for (place, scalar) in text.unicodeScalars.enumerated() {
      let column = place + 1
      if quote == nil, scalar.properties.isWhitespace {
        isOpen = false
        continue
      }
      if !isOpen { tokens.append(FilterToken(column: column)) }
      isOpen = true
      let last = tokens.count - 1
      if scalar == "\\", quote != nil, !isEscaped {
        isEscaped = true
      } else if scalar == "\"", !isEscaped {
        quote = quote == nil ? column : nil
      } else if scalar == "!", quote == nil, tokens[last].letters.isEmpty, !tokens[last].isNegated {
        tokens[last].isNegated = true
      } else {
        tokens[last].letters.append(Letter(scalar: scalar, column: column, isQuoted: quote != nil))
        isEscaped = false
      }
    }
    if let quote { throw FilterError(column: quote, "this quote is not closed") }
    return tokens
  }

  func text(_ range: some RangeExpression<Int>) -> String {
    String(String.UnicodeScalarView(letters[range].map(\.scalar)))
  }
}

/// Parses one word of a filter.
private struct TermReader {
  private static let signs: Set<Unicode.Scalar> = [":", "=", "<", ">", "~"]

  let token: FilterToken
  let vocabulary: FilterVocabulary
  let isIDExact: Bool

  func term() throws(FilterError) -> Filter.Term {
    guard !token.letters.isEmpty else { throw FilterError(column: token.column, "a word is missing here") }
    guard let sign = try sign() else {
      let text = token.text(0...)
      if text.hasPrefix("!"), !token.letters[0].isQuoted {
        throw FilterError(column: token.letters[0].column, "`!` stands twice")
      }
      return Filter.Term(word: nil, test: .contains(Self.lowered(text)), isNegated: token.isNegated)
    }
    let name = token.text(..<sign)
    guard let word = vocabulary.words.first(where: { $0.name == name.lowercased() }) else { throw unknown(name) }
    return Filter.Term(word: word.name, test: try test(word, sign), isNegated: token.isNegated)
  }

  /// Index of the sign after a word; `nil` for a text search. In quotes only known words count.
  private func sign() throws(FilterError) -> Int? {
    guard let place = token.letters.firstIndex(where: { Self.signs.contains($0.scalar) }) else { return nil }
    let letter = token.letters[place]
    let name = token.text(..<place)
    if letter.isQuoted { return vocabulary.words.contains { $0.name == name } ? place : nil }
    if name.isEmpty {
      throw FilterError(column: letter.column, "no word before `\(letter.scalar)`; this list knows \(vocabulary.names)")
    }
    if name.hasSuffix("!") {
      throw FilterError(column: letter.column - 1, "unknown comparison `!\(letter.scalar)`: write `!` before the word")
    }
    let isWord = name.unicodeScalars.allSatisfy { $0 == "-" || $0.properties.isAlphabetic && $0.isASCII }
    return isWord ? place : nil
  }

  private func unknown(_ name: String) -> FilterError {
    FilterError(
      column: token.letters[0].column, "\(vocabulary.list) have no word `\(name)`",
      suggestion: NearestWord.to(name, among: vocabulary.words.map(\.name)),
      details: " (they have \(vocabulary.names))")
  }

  private func test(_ word: FilterVocabulary.Word, _ sign: Int) throws(FilterError) -> Filter.Test {
    var comparison = String(token.letters[sign].scalar)
    var start = sign + 1
    if comparison == "<" || comparison == ">", start < token.letters.count, token.letters[start].scalar == "=" {
      comparison += "="
      start += 1
    }
    guard word.kind.signs.contains(comparison) else {
      throw FilterError(
        column: token.letters[sign].column,
        "unknown comparison `\(comparison)`: `\(word.name)` takes \(word.kind.signs.joined(separator: ", "))")
    }
    let value = token.text(start...)
    guard !value.isEmpty else {
      throw FilterError(
        column: token.letters[sign].column + comparison.count, "`\(word.name)\(comparison)` has no value")
    }
    return try test(word, comparison, value, column: token.letters[start].column)
  }

  private func test(
    _ word: FilterVocabulary.Word, _ sign: String, _ value: String, column: Int
  ) throws(FilterError) -> Filter.Test {
    switch word.kind {
    case .oneOf(let words):
      guard words.contains(where: { $0.lowercased() == value.lowercased() }) else {
        throw FilterError(
          column: column, "unknown \(word.name) `\(value)`", suggestion: NearestWord.to(value, among: words),
          details: " (one of \(words.joined(separator: ", ")))")
      }
      return .whole(Self.lowered(value), isExact: false)
    case .text, .id, .name:
      if sign == "=" { return .equals(Array(value.utf8)) }
      if case .name = word.kind { return .whole(Self.lowered(value), isExact: false) }
      if case .id = word.kind, isIDExact { return .whole(Array(value.utf8), isExact: true) }
      return .contains(Self.lowered(value))
    case .number:
      guard let number = Self.number(value) else {
        throw FilterError(column: column, "`\(value)` is no number")
      }
      return .number(Filter.Comparison(rawValue: sign) ?? .equal, number)
    case .duration:
      guard let seconds = Self.seconds(value) else {
        throw FilterError(column: column, "`\(value)` is no duration: write it as 30s, 5m or 2h")
      }
      return .number(Filter.Comparison(rawValue: sign) ?? .equal, seconds)
    }
  }

  private static func lowered(_ text: String) -> [UInt8] { text.utf8.map(ASCIIMatch.lowered) }

  /// Digits with at most one decimal point.
  private static func number(_ text: some StringProtocol) -> Double? {
    let digits = text.utf8.count { $0 >= 0x30 && $0 <= 0x39 }
    guard digits > 0, digits <= 15, text.utf8.count - digits <= 1, text.utf8.first != UInt8(ascii: "."),
      text.utf8.allSatisfy({ $0 == UInt8(ascii: ".") || $0 >= 0x30 && $0 <= 0x39 })
    else { return nil }
    return Double(text)
  }

  private static func seconds(_ text: String) -> Double? {
    let units: [(suffix: String, seconds: Double)] = [("ms", 0.001), ("s", 1), ("m", 60), ("h", 3600), ("d", 86400)]
    for unit in units where text.hasSuffix(unit.suffix) {
      if let value = number(text.dropLast(unit.suffix.count)), value < 1e6 { return value * unit.seconds }
    }
    return nil
  }
}

extension FilterVocabulary.Kind {
  var signs: [String] {
    switch self {
    case .text, .id, .name, .oneOf: [":", "="]
    case .number: [">", ">=", "<", "<=", "="]
    case .duration: [">", ">=", "<", "<="]
    }
  }
}
