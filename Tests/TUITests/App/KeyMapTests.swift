import Core
import Testing

@testable import TUI

@Suite("The key map")
struct KeyMapTests {
  @Test("no key has two meanings in the same place", arguments: KeyMap.Scope.all)
  func unambiguous(scope: KeyMap.Scope) {
    let keys = KeyMap.standard.bindings(in: scope).flatMap(\.keys)
    #expect(Set(keys).count == keys.count, "\(keys.map(\.name).sorted())")
  }

  @Test("every view and every action can be reached by a key")
  func complete() {
    let commands = Set(KeyMap.Scope.all.flatMap { KeyMap.standard.bindings(in: $0).map(\.command) })
    for tab in Views.tabs { #expect(commands.contains(.showTab(tab.name))) }
    for tab in Views.tabs where tab.views.count > 1 {
      for view in tab.views { #expect(commands.contains(.show(view))) }
    }
    for action in ActionName.allCases where action.scope != .system { #expect(commands.contains(.act(action))) }
  }

  @Test("the help of a view contains exactly the keys of its table", arguments: KeyMap.Scope.all)
  func help(scope: KeyMap.Scope) {
    let lines = HelpScreen(scope: scope).keyLines.dropFirst().map(\.text)
    let bindings = KeyMap.standard.bindings(in: scope)
    #expect(lines.count == bindings.count)
    for (line, binding) in zip(lines, bindings) {
      #expect(line.contains(binding.keys.map(\.name).joined(separator: " ")))
      #expect(line.hasSuffix(binding.sentence))
    }
  }

  @Test("keys of unavailable features do nothing", arguments: [Key.character("x"), .control("t")])
  func unbound(key: Key) {
    for scope in KeyMap.Scope.all { #expect(KeyMap.standard.command(for: key, in: scope) == nil) }
  }

  @Test(
    "a key without effect shows a notice",
    arguments: [Key.character("x"), .control("t"), .function(9)])
  func unknown(key: Key) {
    let app = Scene("", [key]).app(size: Size(columns: 80, rows: 24))
    #expect(app.notice?.text == "\(key.name) does nothing here; ? lists the keys")
  }

  @Test("the hint of the key that quits says what it does there")
  func quitHint() {
    func footer(_ keys: String) -> String {
      let typed = keys.map { $0 == "\n" ? Key.enter : .character($0) }
      return Scene("", typed).app(size: Size(columns: 60, rows: 12)).frame(glyphs: .ascii).textRows.last ?? ""
    }
    #expect(footer("").contains("q quit"))
    for (keys, word) in [("\n", "back"), ("8t\n", "back"), ("?", "close"), ("\n?", "close")] {
      #expect(footer(keys).contains("q \(word)") && !footer(keys).contains("quit"), "\(footer(keys))")
    }
  }

  @Test("a replay has keys for its clock instead of those for the last hour", arguments: KeyMap.Scope.all)
  func replay(scope: KeyMap.Scope) {
    let keys = KeyMap.replay.bindings(in: scope).flatMap(\.keys)
    #expect(Set(keys).count == keys.count)
    #expect(KeyMap.replay.command(for: .character("L"), in: scope) == nil)
    guard scope != .help else { return }
    #expect(KeyMap.replay.command(for: .character("["), in: scope) == .replay(.seek("-10s")))
    #expect(KeyMap.standard.command(for: .character("["), in: scope) == .past(.back))
    #expect(KeyMap.standard.command(for: .character("L"), in: scope) == .past(.live))
  }

  @Test("a remapped table applies to keys, help and hints")
  func remapped() {
    let keys = KeyMap { _ in [KeyMap.Binding(.quit, [.character("Q")], "leave", hint: "leave")] }
    var app = App(header: Fixture().head, size: Size(columns: 80, rows: 24), keys: keys)
    #expect(app.handle(.character("q"), now: Fixture.now) == nil)
    #expect(app.handle(.character("Q"), now: Fixture.now) == .quit)
    #expect(app.help.keyLines.count == 2)
    #expect(app.frame(glyphs: .ascii).textRows.last?.contains("Q leave") == true)
  }
}
