import Core

/// The key bindings of each scope. Key handling, help and hints all use this table.
package struct KeyMap: Sendable {
  /// The kind of front layer that receives a key.
  package enum Scope: Hashable, Sendable {
    case list(ViewID)
    case page
    case help

    package static var all: [Scope] { Views.all.map { .list($0.id) } + [.page, .help] }
  }

  package struct Binding: Sendable, Equatable {
    package var command: Command
    package var keys: [Key]
    /// Description for the help.
    package var sentence: String
    /// Short label for the line of hints; `nil` if the key has no hint.
    package var hint: String?

    package init(_ command: Command, _ keys: [Key], _ sentence: String, hint: String? = nil) {
      self.command = command
      self.keys = keys
      self.sentence = sentence
      self.hint = hint
    }
  }

  private let bindings: [Scope: [Binding]]

  package init(_ bindings: (Scope) -> [Binding]) {
    self.bindings = Dictionary(uniqueKeysWithValues: Scope.all.map { ($0, bindings($0)) })
  }

  package func bindings(in scope: Scope) -> [Binding] { bindings[scope] ?? [] }

  package func command(for key: Key, in scope: Scope) -> Command? {
    bindings(in: scope).first { $0.keys.contains(key) }?.command
  }

  /// The name of a command in texts: its first key in the scope, otherwise its typed form, such as `:why`; `nil` if it has neither.
  package func name(of command: Command, in scope: Scope) -> String? {
    let key = bindings(in: scope).lazy.filter { $0.command == command }.compactMap(\.keys.first).first
    return key?.name ?? TypedCommand.text(of: command)
  }
}

extension KeyMap {
  /// Keys as in k9s, htop, less and vim. Each list has the common list keys and its own keys.
  package static let standard = KeyMap { scope in
    switch scope {
    case .list(let id): list(Views.type(of: id))
    case .page: page
    case .help:
      [Binding(.close, [.escape, .left, .character("h")], "close this help")] + movement + help
    }
  }

  /// The keys of the replay clock, and all live keys except those for the past and those used by the clock.
  package static let replay = KeyMap { scope in
    let clock = scope == .help ? [] : clock
    let taken = Set((clock + past).flatMap(\.keys))
    return clock + standard.bindings(in: scope).filter { taken.isDisjoint(with: $0.keys) }
  }

  private static let openKeys: [Key] = [.enter, .right, .character("l")]

  private static func list(_ view: any ListScreen.Type) -> [Binding] {
    let keys = view.keys
    return [
      Binding(.open, openKeys, keys.open.sentence, hint: keys.open.hint), Binding(.close, [.escape], keys.escape),
    ] + movement + [Binding(.filter, [.character("/")], keys.filter, hint: "filter")] + matches
      + (view.orderWords.count > 1 ? sorting : []) + keys.own + acting.filter { isOf(keys.actions, $0) }
      + (keeping + past).filter { binding in !keys.own.contains { $0.keys == binding.keys } }
      + tabs + (keys.sibling.map { [Binding(.show($0.view), [.character("t")], $0.sentence, hint: $0.hint)] } ?? [])
      + nextTabs + (keys.actions.contains(.giveUp) ? [giveUp] : []) + program
  }

  private static let page: [Binding] =
    [
      Binding(.open, [.enter], "unfold or fold the line, or open its subject", hint: "unfold"),
      Binding(.unfold, [.right, .character("l")], "unfold: a payload, an object, a partition, an instance"),
      Binding(.fold, [.left, .character("h")], "fold, or go to the enclosing line"),
      Binding(.close, [.escape], "go back"),
    ] + movement + [Binding(.filter, [.character("/")], "search in this page", hint: "search")] + matches + [
      why, Binding(.trace, [.character("t")], "the spans of the saga's trace"), reading,
    ]
    + acting + keeping + past + tabs + nextTabs + [giveUp] + program

  private static func isOf(_ actions: [ActionName], _ binding: Binding) -> Bool {
    if case .act(let action) = binding.command { actions.contains(action) } else { false }
  }

  static let why = Binding(.why, [.character("w")], "why the saga is in this state", hint: "why")

  static let reading = Binding(.reading, [.character("i")], "how messages are read, and which were not understood")

  private static let movement: [Binding] = [
    Binding(.up, [.up, .character("k")], "one line up"),
    Binding(.down, [.down, .character("j")], "one line down"),
    Binding(.pageUp, [.pageUp], "one page up"),
    Binding(.pageDown, [.pageDown], "one page down"),
    Binding(.halfPageUp, [.control("u")], "half a page up"),
    Binding(.halfPageDown, [.control("d")], "half a page down"),
    Binding(.first, [.character("g"), .home], "to the first line; a list then stays at its top"),
    Binding(.last, [.character("G"), .end], "to the last line"),
  ]

  private static let matches: [Binding] = [
    Binding(.nextMatch, [.character("n")], "next match"),
    Binding(.previousMatch, [.character("N")], "previous match"),
  ]

  private static let sorting: [Binding] = [
    Binding(.sortPrevious, [.character("<")], "sort by the column to the left"),
    Binding(.sortNext, [.character(">")], "sort by the column to the right"),
    Binding(.reverse, [.character("I")], "reverse the order"),
  ]

  private static let keeping: [Binding] = [
    Binding(.copy, [.character("y")], "copy the id or name to the clipboard", hint: "copy id"),
    Binding(.copyRow, [.character("Y")], "copy the whole row"),
    Binding(.changes(ChangesPage.usual), [.character("c")], "what changed in the last 5 minutes; :since 30m"),
    Binding(.picture, [.control("s")], "write this screen to files: SVG, text, ANSI"),
    Binding(.freeze, [.character("z")], "freeze the screen; data is still collected", hint: "freeze"),
  ]

  private static let past: [Binding] = [
    Binding(.past(.back), [.character("[")], "one picture back in time; :past 10m, :past 14:03"),
    Binding(.past(.forward), [.character("]")], "one picture forward in time"),
    Binding(.past(.live), [.character("L")], "back to live"),
  ]

  /// Capital letters; each opens a dialog first. None is the capital of a movement key.
  private static let acting: [Binding] = [
    Binding(.act(.retry), [.character("R")], "retry the saga, or the marked ones; asks first", hint: "retry"),
    Binding(.act(.compensate), [.character("C")], "compensate the saga; asks first", hint: "compensate"),
    Binding(.act(.redrive), [.character("D")], "redrive the dead letter; asks first", hint: "redrive"),
    Binding(.act(.releaseLock), [.character("E")], "evict the lock from its holder; asks first", hint: "evict"),
  ]

  /// Has the last hint of all actions, because it sends nothing that repairs a saga.
  private static let giveUp = Binding(
    .act(.giveUp), [.character("X")], "give up: no further attempts; asks first", hint: "give up")

  private static let tabs: [Binding] = Views.tabs.map { tab in
    Binding(.showTab(tab.name), [.character(tab.key)], "show \(tab.name)")
  }

  private static let nextTabs: [Binding] = [
    Binding(.nextTab, [.tab], "next view", hint: "view"),
    Binding(.previousTab, [.backTab], "previous view"),
  ]

  private static let program: [Binding] =
    [Binding(.prompt, [.character(":")], "type a command: :sagas, :filter …, :sort updated, :q")] + help

  private static let help: [Binding] = [
    Binding(.help, [.character("?"), .function(1)], "help for this view"),
    Binding(.theme, [.character("T")], "choose a theme"),
    Binding(.mouse, [.character("m")], "mouse on or off; text can be selected while it is off"),
    Binding(.redraw, [.control("l")], "draw the screen again"),
    Binding(.suspend, [.control("z")], "suspend; the shell's fg resumes"),
    Binding(.quit, [.character("q")], "back, then quit", hint: "quit"),
  ]

  private static let clock: [Binding] = [
    Binding(.replay(.pause), [.character("p")], "pause or resume the replay", hint: "pause"),
    Binding(.replay(.step), [.character(".")], "the next observation, and pause", hint: "step"),
    Binding(.replay(.faster), [.character("+"), .character("=")], "faster, up to 1000 times", hint: "faster"),
    Binding(.replay(.slower), [.character("-")], "slower", hint: "slower"),
    Binding(
      .replay(.seek("-10s")), [.character("[")], "10 seconds back; :seek 14:03, :seek -5m, :seek SAGA"),
    Binding(.replay(.seek("+10s")), [.character("]")], "10 seconds forward"),
  ]
}
