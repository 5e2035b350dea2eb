import Core
import Testing

@testable import TUI

@Suite("Clipboard and paste")
struct ClipboardTests {
  @Test(
    "control characters, line breaks and bidirectional or invisible characters never reach the clipboard",
    arguments: [
      ("1004", "1004", false), ("a\nrm -rf /\n", "arm -rf /", true), ("\u{1b}[31mred", "[31mred", true),
      ("a\u{7}b\u{9b}c\r", "abc", true), ("x\u{202e}y\u{2028}z", "xyz", true), ("주문 7", "주문 7", false),
    ])
  func safe(text: String, copied: String, isChanged: Bool) {
    #expect(ClipboardText(text)?.text == copied)
    #expect(ClipboardText(text)?.isChanged == isChanged)
  }

  @Test("long text is truncated between characters")
  func long() {
    #expect(ClipboardText(String(repeating: "주", count: 5000))?.text.utf8.count == 4095)
  }

  @Test("if nothing remains, nothing is copied", arguments: ["", "\n", "\u{1b}\u{7}"])
  func nothing(text: String) {
    #expect(ClipboardText(text) == nil)
  }

  @Test("y on a hostile name copies the safe part and shows that something was removed")
  func hostile() throws {
    let source = Fixture(groups: Fixture.sampleGroups.filter { $0.row.name == Fixture.hostileName })
    var app = Scene("", Scene.typed("4"), source: source).app(size: Size(columns: 100, rows: 24))
    guard case .copy(let text)? = app.handle(.character("y"), now: Fixture.now) else {
      Issue.record("nothing was copied")
      return
    }
    #expect(text.unicodeScalars.allSatisfy { $0.properties.generalCategory != .control })
    #expect(app.notice?.text.contains(", without control characters") == true)
  }

  @Test("text pasted into a prompt becomes one line without control characters")
  func pasted() {
    let keys: [Key] = [.character("/"), .pasted("a\u{1b}[31m\nb\u{7}\r\nc\u{85}d")]
    let app = Scene("", keys).app(size: Size(columns: 100, rows: 24))
    #expect(app.prompt?.editor.text == "a[31m b c d")
  }
}
