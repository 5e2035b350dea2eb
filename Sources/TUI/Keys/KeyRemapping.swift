import Core
import Text

/// User-defined keys for commands. Rejects a key with two meanings in the same scope, and keys that make it easy to start an action by
/// mistake.
package struct KeyRemapping: Sendable {
  package struct Invalid: Error, Equatable {
    /// The invalid setting.
    package var name: String
    package var message: String
  }

  /// All reasons why the bindings together are invalid.
  package struct Conflicts: Error, Equatable {
    package var all: [Invalid]
  }

  /// The commands that can be bound, with their names in the configuration.
  package static let commands: [(name: String, command: Command)] =
    [
      ("up", .up), ("down", .down), ("page-up", .pageUp), ("page-down", .pageDown), ("half-page-up", .halfPageUp),
      ("half-page-down", .halfPageDown), ("first", .first), ("last", .last), ("open", .open), ("close", .close),
      ("unfold", .unfold), ("fold", .fold), ("filter", .filter), ("next-match", .nextMatch),
      ("previous-match", .previousMatch), ("sort-previous", .sortPrevious), ("sort-next", .sortNext),
      ("reverse", .reverse), ("mark", .mark), ("mark-range", .markRange), ("unmark", .unmark), ("freeze", .freeze),
      ("copy", .copy), ("copy-row", .copyRow), ("picture", .picture),
      ("back-in-time", .past(.back)), ("forward-in-time", .past(.forward)), ("live", .past(.live)),
      ("changes", .changes(.seconds(300))), ("why", .why), ("trace", .trace), ("reading", .reading),
      ("next-cause", .nextCause),
      ("cancel-pending", .cancelPending), ("resume-pending", .resumePending), ("next-tab", .nextTab),
      ("previous-tab", .previousTab), ("prompt", .prompt), ("help", .help), ("theme", .theme), ("mouse", .mouse),
      ("redraw", .redraw), ("suspend", .suspend), ("quit", .quit),
    ] + ActionName.allCases.map { ($0.rawValue, .act($0)) }

  private static let navigation: Set<Command> = [
    .up, .down, .pageUp, .pageDown, .halfPageUp, .halfPageDown, .first, .last, .open, .close, .unfold, .fold,
  ]

  private static let rows = ["1234567890", "qwertyuiop", "asdfghjkl", "zxcvbnm"]

  private var bound: [(name: String, command: Command, keys: [Key])] = []
  /// Allowed but error-prone bindings, by setting.
  package private(set) var warnings: [(name: String, message: String)] = []

  package init() {}

  /// Replaces the keys of a command in all scopes in which it has keys.
  package mutating func bind(_ name: String, to texts: [String]) throws(Invalid) {
    guard let command = Self.commands.first(where: { $0.name == name })?.command else {
      let known = Self.commands.map(\.name)
      let hint = NearestWord.hint(name, among: known)
      let choice = hint.isEmpty ? "; known: \(known.joined(separator: ", "))" : hint
      throw Invalid(name: name, message: "nothing is called `\(name)`\(choice)")
    }
    var keys: [Key] = []
    for text in texts {
      if let reason = Key.unusable(name: text) { throw Invalid(name: name, message: "`\(name)`: `\(text)` \(reason)") }
      guard let key = Key(name: text) else {
        throw Invalid(name: name, message: "`\(name)`: expected a key such as R, ^R, F5 or PgUp, found `\(text)`")
      }
      if case .act = command { try check(key, of: name) }
      keys.append(key)
    }
    bound.append((name, command, keys))
  }

  /// An action needs a capital letter or a function key: other keys are pressed too easily by mistake.
  private func check(_ key: Key, of name: String) throws(Invalid) {
    switch key {
    case .function: return
    case .character(let letter) where letter.isASCII && letter.isUppercase: return
    default:
      throw Invalid(
        name: name,
        message: "`\(name)` acts on the system: expected a capital letter or a function key, found `\(key.name)`")
    }
  }

  /// The key map with all changes.
  package mutating func applied(to map: KeyMap) throws(Conflicts) -> KeyMap {
    let changes = Dictionary(bound.map { ($0.command, $0.keys) }, uniquingKeysWith: { $1 })
    let result = KeyMap { scope in
      map.bindings(in: scope).map { binding in
        var binding = binding
        if let keys = changes[binding.command] { binding.keys = keys }
        return binding
      }
    }
    let scopes = KeyMap.Scope.all.map { result.bindings(in: $0) }
    // The same command may be bound in several scopes.
    var (conflicting, found) = (Set<Key>(), [Invalid]())
    for bindings in scopes { found += conflicts(bindings, except: &conflicting) }
    for capital in scopes.flatMap({ neighbours(in: $0) }) where !found.contains(capital) { found.append(capital) }
    guard found.isEmpty else { throw Conflicts(all: found) }
    return result
  }

  /// The conflicts about keys that are not in `known` yet.
  private func conflicts(_ bindings: [KeyMap.Binding], except known: inout Set<Key>) -> [Invalid] {
    var owners: [Key: KeyMap.Binding] = [:]
    var found: [Invalid] = []
    for binding in bindings {
      for key in binding.keys {
        guard let other = owners.updateValue(binding, forKey: key), other.command != binding.command,
          known.insert(key).inserted
        else { continue }
        let mine = bound.first { $0.command == binding.command } ?? bound.first { $0.command == other.command }
        found.append(
          Invalid(
            name: mine?.name ?? "",
            message: "`\(key.name)` has two meanings: \(other.sentence), and \(binding.sentence)"))
      }
    }
    return found
  }

  /// The actions on capitals of movement keys. Adds a warning for each action on a key beside one.
  private mutating func neighbours(in bindings: [KeyMap.Binding]) -> [Invalid] {
    var found: [Invalid] = []
    let moving = Set(bindings.filter { Self.navigation.contains($0.command) }.flatMap(\.keys))
    for (name, command, keys) in bound {
      guard case .act = command, bindings.contains(where: { $0.command == command }) else { continue }
      for case .character(let capital) in keys {
        let letter = Character(capital.lowercased())
        if moving.contains(.character(letter)) {
          found.append(
            Invalid(
              name: name,
              message: "`\(name)`: `\(capital)` is the capital of `\(letter)`, which moves; choose another key"))
          continue
        }
        guard let neighbour = Self.neighbours(of: letter).first(where: { moving.contains(.character($0)) }),
          !warnings.contains(where: { $0.name == name })
        else { continue }
        warnings.append((name, "`\(name)`: `\(capital)` lies beside `\(neighbour)`, which moves"))
      }
    }
    return found
  }

  /// The neighbouring keys of a letter on a QWERTY keyboard.
  private static func neighbours(of letter: Character) -> [Character] {
    for (row, keys) in rows.enumerated() {
      let letters = Array(keys)
      guard let place = letters.firstIndex(of: letter) else { continue }
      let above = row > 0 ? Array(rows[row - 1]).enumerated().filter { [place, place + 1].contains($0.offset) } : []
      let below =
        row + 1 < rows.count ? Array(rows[row + 1]).enumerated().filter { [place - 1, place].contains($0.offset) } : []
      let beside = letters.enumerated().filter { abs($0.offset - place) == 1 }
      return (beside + above + below).map(\.element)
    }
    return []
  }
}

extension Key {
  /// Why a program in a terminal cannot have a command on this key, as the end of a sentence; `nil` if it can.
  static func unusable(name: String) -> String? {
    let name = name.lowercased()
    guard name.count == 2, name.first == "^", let sign = name.last else { return nil }
    // A terminal sends the same byte for both keys.
    let same: [Character: Key] = ["m": .enter, "j": .enter, "i": .tab, "h": .backspace, "[": .escape, "?": .backspace]
    if let other = same[sign] { return "cannot be told from \(other.name): terminals send the same for both" }
    if sign == "c" { return "always ends the program" }
    return sign.isASCII && sign.isLetter ? nil : "does not exist: expected a letter after `^`"
  }

  /// Parses a name as `name` writes it, in any case; a single character stands for itself. `nil` for anything else.
  package init?(name: String) {
    if name.count == 1, let character = name.first, character.isASCII, !character.isWhitespace {
      self = .character(character)
      return
    }
    let named: [Key] = [
      .character(" "), .enter, .escape, .tab, .backTab, .backspace, .delete, .up, .down, .left, .right, .pageUp,
      .pageDown, .home, .end,
    ]
    let lowered = name.lowercased()
    if let key = named.first(where: { $0.name.lowercased() == lowered }) {
      self = key
    } else if lowered.count == 2, lowered.first == "^", let letter = lowered.last, letter.isASCII, letter.isLetter {
      self = .control(letter)
    } else if lowered.first == "f", let number = Int(lowered.dropFirst()), (1...12).contains(number) {
      self = .function(number)
    } else {
      return nil
    }
  }
}
