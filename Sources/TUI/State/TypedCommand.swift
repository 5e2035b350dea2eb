import Core
import Text

/// What a `:` command asks for.
package enum TypedCommand: Sendable, Equatable {
  case show(ViewID)
  case filter(String)
  case sort(SagaOrder)
  case sortGroups(GroupOrder)
  case sortLocks(LockOrder)
  /// Roll-backs, failure patterns or nodes, by an order that no other list has.
  case sortHistory(String)
  case sortServices(ServiceOrder)
  case run(Command)
  /// The rest of the line is the reason.
  case act(ActionName, reason: String)
  /// Of a replay: a time or the id of a saga, and how many times as fast.
  case seek(String)
  case speed(String)
  case nothing

  /// Why a line is no command, with the nearest one that is.
  package struct Misunderstood: Error, Equatable {
    package var message: String
  }

  private static let commands: [String: Command] = [
    "q": .quit, "quit": .quit, "help": .help, "freeze": .freeze, "reverse": .reverse, "theme": .theme, "mouse": .mouse,
    "unmark": .unmark, "why": .why, "topics": .topics, "members": .members, "patterns": .patterns,
    "pause": .pausePlay,
  ]

  package static var words: [String] {
    ViewID.allCases.map(\.name) + ["filter", "sort", "seek", "speed"] + ActionName.allCases.map(\.rawValue)
      + commands.keys.sorted()
  }

  package init(parsing text: String) throws(Misunderstood) {
    let parts = text.split(separator: " ", maxSplits: 1, omittingEmptySubsequences: true)
    guard let first = parts.first else {
      self = .nothing
      return
    }
    let word = Self.completed(first.lowercased(), among: Self.words)
    let rest = parts.count > 1 ? String(parts[1]) : ""
    if let view = ViewID(rawValue: word) {
      self = .show(view)
    } else if let command = Self.commands[word] {
      self = .run(command)
    } else if let action = ActionName(rawValue: word) {
      self = .act(action, reason: rest)
    } else if word == "filter" {
      self = .filter(rest)
    } else if word == "seek" {
      self = .seek(rest)
    } else if word == "speed" {
      self = .speed(rest)
    } else if word == "sort" {
      self = try Self.sorting(rest)
    } else {
      throw Self.unknown("command", word, among: Self.words)
    }
  }

  /// The only known word that begins so, else the word as it is.
  private static func completed(_ word: String, among known: [String]) -> String {
    let fitting = known.filter { $0.hasPrefix(word) }
    return fitting.count == 1 ? fitting[0] : word
  }

  /// Of all lists; several may have the same.
  private static var orders: [String] {
    SagaOrder.allCases.map(\.rawValue) + GroupOrder.allCases.map(\.rawValue)
      + LockOrder.allCases.map(\.rawValue) + ServiceOrder.allCases.map(\.rawValue) + ofHistory
  }

  private static var ofHistory: [String] {
    CompensationOrder.allCases.map(\.rawValue) + FailureOrder.allCases.map(\.rawValue)
      + NodeOrder.allCases.map(\.rawValue)
  }

  private static func sorting(_ text: String) throws(Misunderstood) -> TypedCommand {
    var known: [String] = []
    for order in Self.orders where !known.contains(order) { known.append(order) }
    let word = text.split(separator: " ").first.map { $0.lowercased() } ?? ""
    let whole = completed(word, among: known)
    if let order = SagaOrder(rawValue: whole) { return .sort(order) }
    if let order = GroupOrder(rawValue: whole) { return .sortGroups(order) }
    if let order = LockOrder(rawValue: whole) { return .sortLocks(order) }
    if let order = ServiceOrder(rawValue: whole) { return .sortServices(order) }
    if Self.ofHistory.contains(whole) { return .sortHistory(whole) }
    throw unknown("order", word, among: known)
  }

  private static func unknown(_ what: String, _ word: String, among known: [String]) -> Misunderstood {
    let hint = word.isEmpty ? nil : NearestWord.to(word, among: known).map { "did you mean `\($0)`?" }
    return Misunderstood(message: "unknown \(what) `\(word)`: \(hint ?? "use \(known.joined(separator: ", "))")")
  }
}
