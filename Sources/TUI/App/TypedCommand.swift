import Core
import Text

/// A parsed `:` command.
package enum TypedCommand: Sendable, Equatable {
  case run(Command)
  case filter(String)
  /// Sort by an order of any list.
  case sort(String)
  /// Columns of the list in front, in this order; an empty array restores the default columns.
  case columns([String])
  /// Open the page of the saga with this id.
  case saga(String)
  /// Start an action; `reason` is the rest of the line.
  case act(ActionName, reason: String)
  case nothing

  /// Why a line is not a command, with the most similar command.
  package struct Misunderstood: Error, Equatable {
    package var message: String
  }

  private static let commands: [String: Command] = [
    "q": .quit, "quit": .quit, "help": .help, "freeze": .freeze, "reverse": .reverse, "theme": .theme, "mouse": .mouse,
    "unmark": .unmark, "changes": .changes(ChangesPage.usual), "picture": .picture, "ready": .ready, "why": .why,
    "reading": .reading, "pause": .replay(.pause),
    "stop-history": .stopHistory, "live": .past(.live),
  ]

  /// The shortest line that runs a command: `:why`; `nil` if only a key runs it.
  static func text(of command: Command) -> String? {
    switch command {
    case .filter: ":filter"
    case .act(let action): ":\(action.rawValue)"
    case .showTab(let name): ":\(name)"
    case .show(let view): ":\(view.name)"
    case .past(.back): ":past"
    default: commands.filter { $0.value == command }.keys.min { ($0.count, $0) < ($1.count, $1) }.map { ":\($0)" }
    }
  }

  package static var words: [String] {
    Views.words + ["filter", "sort", "columns", "since", "open", "past", "seek", "speed", "ctx"]
      + ActionName.allCases.map(\.rawValue) + commands.keys.sorted()
  }

  /// `orders`: orders of the list in front; they have precedence over those of other lists.
  package init(parsing text: String, orders: [String] = []) throws(Misunderstood) {
    let parts = text.split(separator: " ", maxSplits: 1, omittingEmptySubsequences: true)
    guard let first = parts.first else {
      self = .nothing
      return
    }
    let word = Self.completed(first.lowercased(), among: Self.words)
    let rest = parts.count > 1 ? String(parts[1]) : ""
    switch word {
    case "filter": self = .filter(rest)
    case "ctx": self = .run(.context(rest))
    case "past": self = .run(.past(rest.isEmpty ? .back : .to(rest)))
    case "seek": self = .run(.replay(.seek(rest)))
    case "speed": self = .run(.replay(.speed(rest)))
    case "open": self = .saga(rest)
    case "columns":
      self = .columns(rest.lowercased().split { $0 == " " || $0 == "," }.map(String.init))
    case "since":
      guard let span = DurationText.parse(rest.isEmpty ? "5m" : rest) else {
        throw Misunderstood(message: "since: expected a duration such as 5m, found `\(rest)`")
      }
      self = .run(.changes(span))
    case "sort": self = .sort(try Self.order(rest, of: orders))
    default:
      if let command = Self.command(word) {
        self = .run(command)
      } else if let action = ActionName(rawValue: word) {
        self = .act(action, reason: rest)
      } else {
        throw Self.unknown("command", word, among: Self.words)
      }
    }
  }

  private static func command(_ word: String) -> Command? {
    if Views.tabs.contains(where: { $0.name == word }) { return .showTab(word) }
    if Views.words.contains(word) { return .show(ViewID(word)) }
    return commands[word]
  }

  /// The known word with this prefix if there is exactly one, otherwise the word itself.
  private static func completed(_ word: String, among known: [String]) -> String {
    let fitting = known.filter { $0.hasPrefix(word) }
    return fitting.count == 1 ? fitting[0] : word
  }

  private static func order(_ text: String, of front: [String]) throws(Misunderstood) -> String {
    var known: [String] = []
    for word in Views.all.filter({ $0.orderWords.count > 1 }).flatMap({ $0.orderWords }) where !known.contains(word) {
      known.append(word)
    }
    let word = text.split(separator: " ").first.map { $0.lowercased() } ?? ""
    for words in [front, known] {
      let whole = completed(word, among: words)
      if words.contains(whole) { return whole }
    }
    throw unknown("order", word, among: known)
  }

  private static func unknown(_ what: String, _ word: String, among known: [String]) -> Misunderstood {
    let hint = word.isEmpty ? nil : NearestWord.to(word, among: known).map { "did you mean `\($0)`?" }
    return Misunderstood(message: "unknown \(what) `\(word)`: \(hint ?? "use \(known.joined(separator: ", "))")")
  }
}
