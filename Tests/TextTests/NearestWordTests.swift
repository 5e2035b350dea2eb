import Testing

@testable import Text

@Suite("What was probably meant")
struct NearestWordTests {
  @Test(
    "a few typing errors are forgiven, and a beginning is enough",
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

  @Test("of what is too long to be a word nothing is guessed", .timeLimit(.minutes(1)), arguments: [65, 192, 100_000])
  func long(count: Int) {
    let known = (0..<1000).map { "word-\($0)" } + [String(repeating: "x", count: 70)]
    #expect(NearestWord.to(String(repeating: "y", count: count), among: known) == nil)
  }
}
