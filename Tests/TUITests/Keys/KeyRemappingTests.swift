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
      ("retry", ["J"], "the capital of `j`, which moves"), ("redrive", ["K"], "the capital of `k`, which moves"),
    ] as [(String, [String], String)])
  func refused(name: String, keys: [String], message: String) throws {
    let error = try #require(throws: KeyRemapping.Invalid.self) { try remapped([(name, keys)]) }
    #expect(error.name == name && error.message.contains(message), "\(error.message)")
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
