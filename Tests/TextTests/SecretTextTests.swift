import TestRandom
import Testing

@testable import Text

@Suite("Secrets in texts")
struct SecretTextTests {
  @Test(
    "are found next to combining marks, joiners, variation selectors, control characters and letters",
    arguments: ["\u{301}", "\u{200d}", "\u{fe0f}", "\u{1f3fd}", "\u{0}", "\r\n", "é", "x"])
  func surrounded(mark: String) {
    let text = "a\(mark)hunter2\(mark)b"
    #expect(SecretText.masked(text, ["hunter2"]) == "a\(mark)***\(mark)b")
    #expect(SecretText.isFound(["hunter2"], in: text.utf8))
    let found = SecretText.first(of: ["other", "hunter2"], in: Array(text.utf8)[...])
    #expect(found?.secret == "hunter2" && found?.place.lowerBound == 1 + mark.utf8.count)
  }

  @Test("a line feed at the end of a secret does not join the previous character")
  func lineEnds() {
    #expect(SecretText.masked("hunter2\r\n", ["hunter2\r"]) == "***\n")
    #expect(SecretText.masked("e\u{301}word", ["\u{301}word"]) == "e***")
  }

  @Test("overlapping and nested secrets are masked completely")
  func overlapping() {
    #expect(SecretText.masked("abcdefgh", ["abcd", "cdefgh"]) == "***")
    #expect(SecretText.masked("aaaaa!", ["aaa"]) == "***!")
    #expect(SecretText.masked("password", ["word", "password"]) == "***")
    #expect(SecretText.first(of: ["word", "wordy"], in: Array("a wordy".utf8)[...])?.secret == "wordy")
  }

  @Test("an empty secret matches nothing")
  func empty() {
    #expect(SecretText.masked("text", [""]) == "text" && !SecretText.isFound([""], in: "text".utf8))
    #expect(SecretText.masked("", ["x"]) == "")
  }

  @Test("no byte of a secret remains in any text", arguments: 1...4 as ClosedRange<UInt64>)
  func any(seed: UInt64) {
    var random = SeededRandom(seed: seed)
    let parts = ["ab", "ba", "abab", "\u{301}", "é", "*", "", " ", "b\u{200d}"]
    for _ in 0..<2000 {
      let text = (0..<8).map { _ in parts[Int(random.next() % UInt64(parts.count))] }.joined()
      let secrets = (0..<3).map { _ in parts[Int(random.next() % 3)] + parts[Int(random.next() % 5)] }
      let masked = SecretText.masked(text, secrets)
      #expect(!SecretText.isFound(secrets, in: masked.utf8), "\(secrets) in \(text), seed \(seed)")
      #expect(SecretText.isFound(secrets, in: text.utf8) == !masked.utf8.elementsEqual(text.utf8))
    }
  }
}
