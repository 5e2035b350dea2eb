import Core
import Text

/// Parses the arguments of the program.
struct CommandLineParser {
  private static let commands = Invocation.Command.words

  private var invocation = Invocation()
  private var rest: ArraySlice<String>
  private var hasCommand = false

  static func parse(_ words: [String]) throws(UsageError) -> Invocation {
    var parser = CommandLineParser(rest: words[...])
    do throws(UsageError) { return try parser.run() } catch {
      var error = error
      error.command = parser.command
      throw error
    }
  }

  /// The command, also if it follows the error.
  private var command: Invocation.Command {
    if hasCommand, Self.commands.contains(invocation.command) { return invocation.command }
    return rest.lazy.compactMap { word in Self.commands.first { $0.rawValue == word } }.first ?? .live
  }

  private init(rest: ArraySlice<String>) {
    self.rest = rest
  }

  private mutating func run() throws(UsageError) -> Invocation {
    while let word = rest.popFirst() {
      if word == "--" {
        for word in rest { try take(word) }
        rest = []
      } else if word.hasPrefix("--") {
        try takeLong(word.dropFirst(2))
      } else if word.hasPrefix("-"), word.count > 1 {
        try takeShort(word.dropFirst())
      } else {
        try take(word)
      }
      if invocation.command == .help || invocation.command == .version, hasCommand == false || word.hasPrefix("-") {
        break
      }
    }
    try checkFormat()
    if invocation.command == .snapshot { try SnapshotUsage.check(invocation) }
    try invocation.aggregation.check(invocation)
    try checkWords()
    return invocation
  }

  private func checkWords() throws(UsageError) {
    if invocation.recording.at != nil, invocation.command != .replay, invocation.recording.files.isEmpty {
      throw UsageError(message: "--at: needs a recording; add --from FILE")
    }
    let name = invocation.command.rawValue
    let words = invocation.words
    switch invocation.command {
    case .why where words.count != 1: throw UsageError(message: "why: expected the id of a saga")
    case .report where words.count > 1: throw UsageError(message: "report: expected the id of one saga")
    case .report where words.isEmpty && invocation.overrides.since?.duration == nil:
      throw UsageError(
        message: "report: expected the id of a saga, or --since AGE for all sagas with problems since then")
    case .retry, .compensate:
      try checkSelection(name, words.isEmpty)
    case .act:
      let names = ActionName.allCases.map(\.rawValue)
      guard let word = words.first, let action = ActionName(rawValue: word) else {
        let hint = words.first.map { NearestWord.hint($0, among: names) } ?? ""
        throw UsageError(message: "act: expected one of \(names.joined(separator: ", "))\(hint)")
      }
      try checkSelection("act \(word)", words.count == 1, action.scope)
    case .config:
      guard words.count == 1, let word = words.first, ConfigCommand.words.contains(word) else {
        let hint = words.first.map { NearestWord.hint($0, among: ConfigCommand.words) } ?? ""
        throw UsageError(message: "config: expected \(ConfigCommand.words.joined(separator: " or "))\(hint)")
      }
    case .record where words.count != 1: throw UsageError(message: "record: expected the name of a file")
    case .replay where words.isEmpty: throw UsageError(message: "replay: expected the name of a recording")
    default: break
    }
  }

  /// Sagas need ids or a filter, the system needs no name, all other subjects need names.
  private func checkSelection(
    _ name: String, _ hasNone: Bool, _ scope: ActionName.Scope = .saga
  ) throws(UsageError) {
    let hasFilter = invocation.filter != nil
    switch scope {
    case .saga where hasNone == !hasFilter:
      throw UsageError(message: "\(name): expected either the ids of sagas, or --filter")
    case .lock where hasNone || hasFilter: throw UsageError(message: "\(name): expected the keys of locks")
    case .deadLetter where hasNone || hasFilter:
      throw UsageError(message: "\(name): expected messages as TOPIC/PARTITION/OFFSET")
    case .system where !hasNone || hasFilter: throw UsageError(message: "\(name): expected no further words")
    default: break
    }
  }

  private func checkFormat() throws(UsageError) {
    let known = invocation.command.formats.map(\.rawValue)
    guard let text = invocation.formatText, !known.isEmpty, !known.contains(text) else { return }
    throw OptionValue.unknown(text, of: "--output", among: known)
  }

  private mutating func take(_ word: String) throws(UsageError) {
    if invocation.command == .help {
      invocation.topic = Self.commands.first { $0.rawValue == word } ?? .live
    } else if hasCommand {
      guard invocation.command.takesWords else { throw UsageError(message: "unexpected word `\(word)`") }
      invocation.words.append(word)
    } else if let command = Self.commands.first(where: { $0.rawValue == word }) {
      invocation.command = command
      hasCommand = true
    } else {
      let hint = NearestWord.hint(word, among: Self.commands.map(\.rawValue))
      throw UsageError(message: "unknown command `\(word)`\(hint)")
    }
  }

  private mutating func takeLong(_ text: Substring) throws(UsageError) {
    let equals = text.firstIndex(of: "=")
    let name = String(text[..<(equals ?? text.endIndex)])
    let option = try option(named: name) { $0.long == name }
    let attached = equals.map { String(text[text.index(after: $0)...]) }
    if option.value == nil, attached != nil { throw UsageError(message: "--\(name) takes no value") }
    if option.value == nil {
      try option.apply(&invocation, "")
    } else if let attached {
      try option.apply(&invocation, attached)
    } else {
      try option.apply(&invocation, try value(of: "--\(name)"))
    }
  }

  private mutating func takeShort(_ text: Substring) throws(UsageError) {
    guard let letter = text.first else { return }
    let option = try option(named: String(letter)) { $0.short == letter }
    guard option.value != nil else {
      try option.apply(&invocation, "")
      if text.count > 1 { try takeShort(text.dropFirst()) }
      return
    }
    try option.apply(&invocation, text.count > 1 ? String(text.dropFirst()) : try value(of: "-\(letter)"))
  }

  private mutating func value(of name: String) throws(UsageError) -> String {
    guard let value = rest.popFirst() else { throw UsageError(message: "\(name) needs a value") }
    return value
  }

  /// Options may precede the command. An option of another command is an error that names the command.
  private func option(named name: String, _ isMeant: (Option) -> Bool) throws(UsageError) -> Option {
    let dashes = name.count == 1 ? "-" : "--"
    // Several commands may have options with the same name but a different meaning.
    let meant = Options.all.filter(isMeant)
    guard let option = meant.first(where: { $0.commands.contains(invocation.command) }) ?? meant.first else {
      let known = Options.all.filter { $0.commands.contains(invocation.command) }.map(\.long)
      let guess = NearestWord.to(name, among: known).map { "; did you mean `--\($0)`?" } ?? ""
      throw UsageError(message: "unknown option `\(dashes)\(name)`\(guess)")
    }
    let laterCommand = rest.contains { word in
      Self.commands.contains { $0.rawValue == word && option.commands.contains($0) }
    }
    if option.commands.contains(invocation.command) || (!hasCommand && laterCommand) { return option }
    let owners = option.commands.map(\.rawValue).sorted().joined(separator: ", ")
    throw UsageError(message: "`\(dashes)\(name)` is an option of \(owners)")
  }
}

/// An invalid command line; exit status 64.
struct UsageError: Error, Equatable {
  var message: String
  /// The command whose help explains it.
  var command = Invocation.Command.live
}
