import Core

/// Completes a typed line: commands and their words, words of a filter, and values on the screen.
/// Not copyable: the compiler would generate large copy functions for a type that contains the whole app.
struct Completion: ~Copyable {
  private static let most = 50

  let kind: Prompt.Kind
  let app: App

  /// Complete lines, in the order in which Tab selects them.
  func candidates(for text: String) -> [String] {
    let found =
      switch kind {
      case .filter: filters(text)
      case .command: commands(text)
      case .search: [String]()
      }
    return Array(found.filter { $0 != text }.prefix(Self.most))
  }

  private func commands(_ text: String) -> [String] {
    guard let blank = text.firstIndex(of: " ") else {
      return TypedCommand.words.filter { $0.hasPrefix(text.lowercased()) }
    }
    let (word, rest) = (String(text[..<blank]), String(text[text.index(after: blank)...]))
    let ends: [String] =
      switch word {
      case "filter": filters(rest)
      case "sort": app.frontList.orders(beginning: rest)
      case "columns": columns(rest)
      case "open": app.frontList.values(of: "saga").filter { $0.hasPrefix(rest) }
      default: []
      }
    return ends.map { "\(word) \($0)" }
  }

  /// Completes the last name of the list.
  private func columns(_ text: String) -> [String] {
    let names = text.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
    let (before, last) = (names.dropLast(), names.last ?? "")
    return app.frontList.columnNames.filter { $0.hasPrefix(last) && !before.contains($0) }
      .map { (before + [$0]).joined(separator: ",") }
  }

  /// Completes the last word of the filter.
  private func filters(_ text: String) -> [String] {
    if text.hasPrefix("@") {
      return app.savedFilters.keys.sorted().map { "@\($0)" }.filter { $0.hasPrefix(text) }
    }
    let start = text.lastIndex(of: " ").map { text.index(after: $0) } ?? text.startIndex
    var (before, last) = (String(text[..<start]), String(text[start...]))
    if last.hasPrefix("!") {
      before += "!"
      last.removeFirst()
    }
    return words(last).map { before + $0 }
  }

  private func words(_ text: String) -> [String] {
    let words = app.frontList.filterWords
    guard let colon = text.firstIndex(of: ":"), let word = words.first(where: { $0.name == text[..<colon] }) else {
      return words.map { $0.name + $0.sign }.filter { $0.hasPrefix(text) }
    }
    let value = text[text.index(after: colon)...].lowercased()
    let known: [String] = if case .oneOf(let words) = word.kind { words } else { app.values(of: word.name) }
    return known.filter { $0.lowercased().hasPrefix(value) }.map { Filter.text(word.name, $0) }
  }
}

extension FilterVocabulary.Word {
  /// The usual sign after the word.
  fileprivate var sign: String {
    switch kind {
    case .text, .id, .name, .oneOf: ":"
    case .number, .duration: "<"
    }
  }
}

extension App {
  /// Known values of a word: those of the rows on the screen; for `type`, all types.
  fileprivate func values(of word: String) -> [String] {
    let own = frontList.values(of: word == "id" ? "saga" : word)
    let types = word == "type" ? status.overview.types.map(\.type) : []
    return Array(Set(own + types)).sorted()
  }
}

extension ListScreen {
  func orders(beginning text: String) -> [String] { Self.orderWords.filter { $0.hasPrefix(text) } }

  var filterWords: [FilterVocabulary.Word] { Row.vocabulary.words }

  /// Values of a column in the rows that were read.
  func values(of name: String) -> [String] {
    guard let table = Row.self as? any TableRow.Type else { return [] }
    return values(of: name, table)
  }

  private func values<Known: TableRow>(of name: String, _ type: Known.Type) -> [String] {
    guard let column = Known.columns.first(where: { $0.head.name == name }) else { return [] }
    let texts = list.rows.compactMap { ($0 as? Known).flatMap { column.value($0, .distantPast).text } }
    return Array(Set(texts)).sorted()
  }
}
