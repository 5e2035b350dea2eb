import Testing

@testable import Text

@Suite("Suggestions for mistyped words")
struct NearestWordTests {
  @Test(
    "a few typing errors are tolerated, and a prefix is enough",
    arguments: [("stauts", "status"), ("STATUS", "status"), ("ag", "age"), ("step", "step")])
  func near(typed: String, meant: String) {
    #expect(NearestWord.to(typed, among: ["age", "status", "step"]) == meant)
  }

  @Test("known words are listed with the most similar first")
  func sorted() {
    #expect(NearestWord.sorted(["alpha", "staging", "prod", "production"], by: "prdo").first == "prod")
    #expect(NearestWord.sorted([], by: "x").isEmpty)
    #expect(NearestWord.sorted(["b", "a"], by: "zzz") == ["a", "b"])
  }

  @Test("too long texts give no suggestion", .timeLimit(.minutes(1)), arguments: [65, 192, 100_000])
  func long(count: Int) {
    let known = (0..<1000).map { "word-\($0)" } + [String(repeating: "x", count: 70)]
    #expect(NearestWord.to(String(repeating: "y", count: count), among: known) == nil)
  }
}
