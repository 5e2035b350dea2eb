import TestRandom
import Testing

@testable import Core

@Suite("Error texts with the same cause have the same pattern")
struct ErrorPatternTests {
  @Test("a text keeps the parts that identify the cause and loses the variable ones", arguments: ErrorCorpus.texts)
  func pattern(text: String, pattern: String) {
    #expect(ErrorPattern.of(text) == pattern)
  }

  @Test("occurrences of the same cause have the same pattern", arguments: ErrorCorpus.same)
  func same(texts: [String]) {
    #expect(Set(texts.map { ErrorPattern.of($0) }).count == 1, "\(texts.map { ErrorPattern.of($0) })")
  }

  @Test("different causes have different patterns", arguments: ErrorCorpus.different)
  func different(texts: [String]) {
    #expect(Set(texts.map { ErrorPattern.of($0) }).count == texts.count, "\(texts.map { ErrorPattern.of($0) })")
  }

  @Test("a failure without a text has a separate pattern", arguments: [nil, "", "  \n\t", "\u{1b}[31m"])
  func nothing(text: String?) {
    #expect(ErrorPattern.of(text) == ErrorPattern.none)
  }

  @Test("a pattern is limited, and cut between characters")
  func bounded() {
    let pattern = ErrorPattern.of(String(repeating: "재고", count: 5000))
    #expect(pattern.utf8.count <= ErrorPattern.mostBytes + 3)
    #expect(pattern.hasSuffix("…"))
    #expect(!pattern.contains("\u{fffd}"))
  }

  @Test("random bytes and random cuts of the corpus give a pattern", arguments: 1...200)
  func hostile(seed: Int) {
    var random = SeededRandom(seed: UInt64(seed))
    let marks = Array("\"'`[]{}():=,.-_/@\\ \n\tat<>0129aFx“”«".utf8)
    var bytes = (0..<Int.random(in: 0...300, using: &random)).map { _ in
      Bool.random(using: &random) ? UInt8.random(in: 0...255, using: &random) : marks.randomElement(using: &random) ?? 0
    }
    let text = ErrorCorpus.texts.randomElement(using: &random)?.0 ?? ""
    bytes += text.utf8.dropLast(Int.random(in: 0...text.utf8.count, using: &random))
    let pattern = ErrorPattern.of(String(decoding: bytes, as: UTF8.self))
    #expect(!pattern.isEmpty)
    #expect(pattern.utf8.count <= ErrorPattern.mostBytes + 3)
  }
}
