import Testing

@testable import TUI

@Suite("Line editor")
struct LineEditorTests {
  @Test(
    "has the editing keys of a shell",
    arguments: [
      ("abc", [Key.backspace], "ab"),
      ("abc def", [.control("w")], "abc "),
      ("abc def  ", [.control("w")], "abc "),
      ("abc", [.control("u")], ""),
      ("abc", [.left, .left, .control("u")], "bc"),
      ("abc", [.home, .delete], "bc"),
      ("abc", [.home, .character("x"), .end, .character("y")], "xabcy"),
      ("abc", [.left, .character("한")], "ab한c"),
      ("abc", [.right, .right, .delete], "abc"),
      ("", [.backspace, .control("w"), .control("u"), .left], ""),
      ("a", [.character("\u{1b}"), .character("\u{7}")], "a"),
    ] as [(String, [Key], String)])
  func edits(text: String, keys: [Key], result: String) {
    var editor = LineEditor(text)
    for key in keys { _ = editor.apply(key) }
    #expect(editor.text == result)
    #expect((0...editor.text.count).contains(editor.cursor))
  }

  @Test("the length is limited")
  func bound() {
    var editor = LineEditor()
    for _ in 0..<(2 * LineEditor.maxLength) { editor.insert("x") }
    #expect(editor.text.count == LineEditor.maxLength)
  }

  @Test("Up recalls earlier lines, and Down returns to the current one")
  func history() {
    var prompt = Prompt(.command, text: "dra")
    prompt.recall(by: 1, from: ["one", "two"])
    #expect(prompt.editor.text == "two")
    prompt.recall(by: 1, from: ["one", "two"])
    prompt.recall(by: 1, from: ["one", "two"])
    #expect(prompt.editor.text == "one")
    prompt.recall(by: -2, from: ["one", "two"])
    #expect(prompt.editor.text == "dra")
  }
}
