import Core
import Testing
import Text

@testable import TUI

@Suite("Remapped keys")
struct KeyRemappingTests {
  private func remapped(_ changes: [(String, [String])]) throws -> (map: KeyMap, warnings: [String]) {
    var remapping = KeyRemapping()
    for (name, keys) in changes { try remapping.bind(name, to: keys) }
    let map = try remapping.applied(to: .standard)
    return (map, remapping.warnings.map(\.message))
  }

  @Test("a remapped command has the new keys everywhere, and the old ones do nothing")
  func everywhere() throws {
    let map = try remapped([("retry", ["A"]), ("copy", ["V", "^Y"]), ("quit", ["F10"])]).map
    for scope in KeyMap.Scope.all {
      for (command, old, new) in [
        (Command.act(.retry), "R", Key.character("A")), (.copy, "y", .control("y")), (.quit, "q", .function(10)),
      ] where KeyMap.standard.bindings(in: scope).contains(where: { $0.command == command }) {
        #expect(map.command(for: new, in: scope) == command)
        #expect(map.command(for: .character(Character(old)), in: scope) == nil)
      }
    }
    let help = HelpScreen(scope: .page, keys: map).keyLines.map(\.text)
    #expect(help.contains { $0.contains("V ^Y") && $0.contains("copy") })
  }

  @Test(
    "reserved keys and keys that are easily pressed by mistake are refused",
    arguments: [
      ("retri", ["R"], "did you mean `retry`?"), ("copy", ["Hyper"], "expected a key"),
      ("copy", ["q"], "`q` has two meanings"), ("up", ["j"], "`j` has two meanings"),
      ("retry", ["C"], "`C` has two meanings"), ("retry", ["Enter"], "a capital letter or a function key"),
      ("retry", ["Space"], "a capital letter or a function key"),
      ("retry", ["r"], "a capital letter or a function key"),
      ("compensate", ["^R"], "a capital letter or a function key"), ("retry", ["Down"], "a capital letter"),
      ("copy", ["^M"], "cannot be told from Enter"), ("copy", ["^J"], "cannot be told from Enter"),
      ("copy", ["^i"], "cannot be told from Tab"), ("copy", ["^H"], "cannot be told from Backspace"),
      ("copy", ["^?"], "cannot be told from Backspace"), ("copy", ["^["], "cannot be told from Esc"),
      ("copy", ["^C"], "always ends the program"), ("copy", ["^\\"], "expected a letter after `^`"),
      ("copy", ["^1"], "expected a letter after `^`"),
      ("retry", ["J"], "the capital of `j`, which moves"), ("redrive", ["K"], "the capital of `k`, which moves"),
    ] as [(String, [String], String)])
  func refused(name: String, keys: [String], message: String) throws {
    let error = try #require(invalid([(name, keys)]).first)
    #expect(error.name == name && error.message.contains(message), "\(error.message)")
  }

  private func invalid(_ changes: [(String, [String])]) throws -> [KeyRemapping.Invalid] {
    do { _ = try remapped(changes) } catch let error as KeyRemapping.Invalid {
      return [error]
    } catch let error as KeyRemapping.Conflicts {
      return error.all
    }
    return []
  }

  @Test("all conflicts are reported, each key once")
  func conflicts() throws {
    let found = try invalid([("copy", ["q"]), ("retry", ["J"]), ("filter", ["?"])])
    #expect(found.map(\.name).sorted() == ["copy", "filter", "retry"], "\(found)")
  }

  @Test("a capital letter next to a movement key gives a warning; function keys and distant keys do not")
  func neighbours() throws {
    #expect(try remapped([("retry", ["F"])]).warnings.first?.contains("`F` lies beside") == true)
    #expect(try remapped([("retry", ["A"])]).warnings.isEmpty && remapped([("retry", ["F5"])]).warnings.isEmpty)
  }

  @Test("two commands may exchange their keys")
  func swapped() throws {
    let map = try remapped([("retry", ["C"]), ("compensate", ["R"])]).map
    #expect(map.command(for: .character("C"), in: .page) == .act(.retry))
    #expect(map.command(for: .character("R"), in: .page) == .act(.compensate))
  }

  @Test("every letter with Control that the terminal hands over can be given to a command, and no other")
  func controls() {
    for letter in "abcdefghijklmnopqrstuvwxyz" {
      let isTaken = Key.unusable(name: "^\(letter)") != nil
      let code = Int32(letter.asciiValue ?? 0) - 96
      #expect(isTaken == (KeyDecoder.key(code) != .control(letter) || letter == "c"), "^\(letter)")
    }
  }

  @Test("every key is parsed as the help prints it")
  func names() {
    let keys = Set(KeyMap.Scope.all.flatMap { KeyMap.standard.bindings(in: $0).flatMap(\.keys) })
    for key in keys { #expect(Key(name: key.name) == key, "\(key.name)") }
  }

  @Test("every command with a key has a name, except views and their tabs")
  func complete() {
    let named = Set(KeyRemapping.commands.map(\.command))
    for command in Set(KeyMap.Scope.all.flatMap { KeyMap.standard.bindings(in: $0).map(\.command) }) {
      switch command {
      case .show, .showTab: continue
      default: #expect(named.contains(command), "\(command)")
      }
    }
    #expect(Set(KeyRemapping.commands.map(\.name)).count == KeyRemapping.commands.count)
  }
}

@Suite("Texts name the keys of the map")
struct KeyTextTests {
  /// No key of the standard map is in it.
  private static func other() throws -> KeyMap {
    let actions = ["F2", "F3", "F4", "F5", "F6", "F7"]
    let keys =
      "ABEFGKNOPQRTVWXY".map { "^\($0)" } + "abdeorsuxABFHJKMOPQSVWZ;\"#$%&'*@\\^_`{|}~".map { String($0) }
    var (remapping, place) = (KeyRemapping(), (action: 0, other: 0))
    for (name, command) in KeyRemapping.commands {
      if case .act = command {
        try remapping.bind(name, to: [actions[place.action]])
        place.action += 1
      } else {
        try remapping.bind(name, to: [keys[place.other]])
        place.other += 1
      }
    }
    return try remapping.applied(to: .standard)
  }

  /// The keys of the standard map that are unassigned in the other map.
  private static func old(_ map: KeyMap) -> Set<String> {
    func names(_ map: KeyMap) -> Set<String> {
      Set(KeyMap.Scope.all.flatMap { map.bindings(in: $0).flatMap(\.keys) }.map(\.name))
    }
    return names(.standard).subtracting(names(map))
  }

  /// The scene's keys, as an operator with the other map presses them.
  private static func app(_ scene: Scene, _ map: KeyMap) -> App {
    var app = App(header: scene.source.head, size: Size(columns: 160, rows: 60), control: scene.control, keys: map)
    if let past = scene.past { app.show(past: past) }
    app.refresh(from: scene.source, now: Fixture.now)
    for key in scene.keys {
      let isBound = app.dialog == nil && app.prompt == nil && app.themeChooser == nil
      let command = isBound ? KeyMap.standard.command(for: key, in: app.scope) : nil
      let new = command.flatMap { wanted in map.bindings(in: app.scope).first { $0.command == wanted }?.keys.first }
      _ = app.handle(new ?? key, now: Fixture.now)
      app.refresh(from: scene.source, now: Fixture.now)
      app.didDraw()
    }
    return app
  }

  /// The words of a text that are names of keys. Excluded are a verdict's `?`, comparison operators and the brackets of JSON.
  private static func named(_ text: String, of old: Set<String>) -> [String] {
    text.split(separator: " ").map { word in
      var word = word
      while word.count > 1, word.first == "(" { word.removeFirst() }
      while word.count > 1, let last = word.last, ",;:).".contains(last) { word.removeLast() }
      return String(word)
    }.filter { old.contains($0) && !["?", "<", ">", "p", "[", "]"].contains($0) }
  }

  @Test("with every key changed, no screen names one of the old ones", arguments: Scene.all)
  func screens(scene: Scene) throws {
    let map = try Self.other()
    let (old, app) = (Self.old(map), Self.app(scene, map))
    #expect(old.isSuperset(of: ["R", "E", "f", "z", "q", "Enter", "Esc", "^S", "[", "/"]))
    // The keys of a dialog and of the list of themes are fixed.
    guard app.dialog == nil, app.themeChooser == nil, app.prompt == nil else { return }
    for row in app.frame(glyphs: .unicode).textRows {
      let found = Self.named(row, of: old)
      #expect(found.isEmpty && !row.contains("[ and ]"), "\(found): \(row)")
    }
  }

  @Test(
    "nor does a message",
    arguments: [
      ("z2/", "frozen: press"), ("n", ""), ("é", "does nothing here"), ("\u{1b}", "nothing to go back to"),
      ("[", ""), ("zjR", "frozen"),
    ])
  func messages(typed: String, text: String) throws {
    let map = try Self.other()
    let keys = typed.map { $0 == "\u{1b}" ? Key.escape : .character($0) }
    let app = Self.app(Scene("", keys), map)
    let notice = app.notice?.text ?? ""
    #expect((text.isEmpty || notice.contains(text)) && Self.named(notice, of: Self.old(map)).isEmpty, "\(notice)")
  }

  @Test("a command without a key is named by what is typed for it; without either, nothing is named")
  func unbound() throws {
    var remapping = KeyRemapping()
    for name in ["live", "retry", "reading", "open"] { try remapping.bind(name, to: []) }
    let map = try remapping.applied(to: .standard)
    #expect(map.name(of: .past(.live), in: .page) == ":live" && map.name(of: .act(.retry), in: .page) == ":retry")
    #expect(map.name(of: .reading, in: .list(.overview)) == ":reading")
    #expect(map.name(of: .open, in: .page) == nil)
    #expect(KeyMap.standard.name(of: .act(.releaseLock), in: .list(.overview)) == "E")
  }
}

@Suite("Notifications through the terminal")
struct TerminalNoticeTests {
  @Test("external text cannot end the sequence, start another one, or add a field")
  func escaped() {
    let text = "a\u{1b}]52;c;eA==\u{7}b;c\u{9c}\u{1b}\\d\n"
    for desktop in [TerminalNotice.Desktop.osc9, .osc777] {
      let sequence = TerminalNotice.sequence(title: "t;\u{7}", text: text, desktop: desktop, rings: false)
      let inner = sequence.dropFirst().dropLast(2)
      #expect(
        inner.unicodeScalars.allSatisfy { $0.value >= 0x20 && $0.value != 0x7f && !(0x80...0x9f).contains($0.value) })
      #expect(sequence.count { $0 == ";" } == (desktop == .osc9 ? 1 : 3))
    }
  }

  @Test("a notification is wrapped for tmux, so that the outer terminal receives it unchanged; the bell is not wrapped")
  func tmux() {
    let plain = TerminalNotice.sequence(title: "a", text: "b", desktop: .osc9, rings: false)
    let wrapped = TerminalNotice.sequence(title: "a", text: "b", desktop: .osc9, rings: true, isInTmux: true)
    #expect(wrapped.hasPrefix("\u{1b}Ptmux;") && wrapped.hasSuffix("\u{1b}\\\u{7}"))
    let inner = wrapped.dropFirst("\u{1b}Ptmux;".count).dropLast("\u{1b}\\\u{7}".count)
    #expect(inner.replacing("\u{1b}\u{1b}", with: "\u{1b}") == plain)
    #expect(TerminalNotice.sequence(title: "a", text: "b", desktop: nil, rings: true, isInTmux: true) == "\u{7}")
  }

  @Test("the bell alone is one byte, and nothing gives no bytes")
  func bell() {
    #expect(TerminalNotice.sequence(title: "a", text: "b", desktop: nil, rings: true) == "\u{7}")
    #expect(TerminalNotice.sequence(title: "a", text: "b", desktop: nil, rings: false) == "")
  }
}
