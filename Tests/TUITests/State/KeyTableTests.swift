import Testing

@testable import TUI

@Suite("The key table")
struct KeyTableTests {
  @Test("no key has two meanings in one place", arguments: KeyTable.Scope.allCases)
  func unambiguous(scope: KeyTable.Scope) {
    let keys = KeyTable.standard.bindings(in: scope).flatMap(\.keys)
    #expect(Set(keys).count == keys.count, "\(keys.map(\.name).sorted())")
  }

  @Test("every command can be reached by a key")
  func complete() {
    #expect(Set((KeyTable.standard.bindings + KeyTable.replay.bindings).map(\.command)) == Set(Command.allCases))
  }

  @Test("the help of a view has every key of its table and no other", arguments: KeyTable.Scope.allCases)
  func help(scope: KeyTable.Scope) {
    let lines = HelpScreen(scope: scope).keyLines.dropFirst().map(\.text)
    let bindings = KeyTable.standard.bindings(in: scope)
    #expect(lines.count == bindings.count)
    for (line, binding) in zip(lines, bindings) {
      #expect(line.contains(binding.keys.map(\.name).joined(separator: " ")))
      #expect(line.hasSuffix(binding.sentence))
    }
  }

  @Test("keys of what is not there yet do nothing", arguments: "L[]".map { Key.character($0) } + [.control("s")])
  func unbound(key: Key) {
    for scope in KeyTable.Scope.allCases { #expect(KeyTable.standard.command(for: key, in: scope) == nil) }
  }

  @Test("a remapped table is obeyed by keys, help and hints")
  func remapped() {
    let table = KeyTable([KeyTable.Binding(.quit, [.character("Q")], "leave", hint: "leave")])
    var state = UIState()
    let content = Content(header: Fixture().head)
    let size = Size(columns: 80, rows: 24)
    #expect(state.update(.character("q"), now: Fixture.now, content: content, size: size, keys: table) == nil)
    #expect(state.update(.character("Q"), now: Fixture.now, content: content, size: size, keys: table) == .quit)
    #expect(HelpScreen(scope: .sagas, keys: table).keyLines.count == 2)
  }
}
