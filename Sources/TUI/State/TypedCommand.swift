import Core

/// What a `:` command asks for.
package enum TypedCommand: Sendable, Equatable {
  case show(ViewID)
  case filter(String)
  case sort(SagaQuery.Order)
  case run(Command)
  case nothing

  /// Why a line is no command, with the nearest one that is.
  package struct Misunderstood: Error, Equatable {
    package var message: String
  }

  private static let commands: [String: Command] = [
    "q": .quit, "quit": .quit, "help": .help, "freeze": .freeze, "reverse": .reverse, "theme": .theme, "mouse": .mouse,
    "unmark": .unmark,
  ]

  package static var words: [String] {
    ViewID.allCases.map(\.name) + ["filter", "sort"] + commands.keys.sorted()
  }

  package init(parsing text: String) throws(Misunderstood) {
    let parts = text.split(separator: " ", maxSplits: 1, omittingEmptySubsequences: true)
    guard let first = parts.first else {
      self = .nothing
      return
    }
    let word = first.lowercased()
    let rest = parts.count > 1 ? String(parts[1]) : ""
    if let view = ViewID(rawValue: word) {
      self = .show(view)
    } else if let command = Self.commands[word] {
      self = .run(command)
    } else if word == "filter" {
      self = .filter(rest)
    } else if word == "sort" {
      self = .sort(try Self.order(rest))
    } else {
      throw Self.unknown("command", word, among: Self.words)
    }
  }

  private static func order(_ text: String) throws(Misunderstood) -> SagaQuery.Order {
    let word = text.split(separator: " ").first.map { $0.lowercased() } ?? ""
    if let order = SagaQuery.Order(rawValue: word) { return order }
    throw unknown("order", word, among: SagaQuery.Order.allCases.map(\.rawValue))
  }

  private static func unknown(_ what: String, _ word: String, among known: [String]) -> Misunderstood {
    if let near = NearestWord.to(word, among: known) {
      return Misunderstood(message: "unknown \(what) `\(word)`: did you mean `\(near)`?")
    }
    return Misunderstood(message: "unknown \(what) `\(word)`: use \(known.joined(separator: ", "))")
  }
}
