import Testing

@testable import Core

@Suite("Patterns of lock keys")
struct LockPatternTests {
  struct Case: CustomTestStringConvertible, Sendable {
    var pattern: String
    var glob: String
    var key: String
    var parts: [String]?

    var testDescription: String { "\(pattern) and \(key)" }
  }

  static let cases: [Case] = [
    Case(pattern: "inventory:lock:{productId}", glob: "inventory:lock:*", key: "inventory:lock:7", parts: ["7"]),
    Case(pattern: "inventory:lock:{productId}", glob: "inventory:lock:*", key: "inventory:lock:", parts: nil),
    Case(pattern: "inventory:lock:{productId}", glob: "inventory:lock:*", key: "xinventory:lock:7", parts: nil),
    Case(
      pattern: "lock:saga_step:{sagaId}:{step}", glob: "lock:saga_step:*:*", key: "lock:saga_step:a-1:payment",
      parts: ["a-1", "payment"]),
    Case(
      pattern: "lock:saga_step:{sagaId}:{step}", glob: "lock:saga_step:*:*", key: "lock:saga_step:a:b:c",
      parts: ["a", "b:c"]),
    Case(pattern: "{id}:lock", glob: "*:lock", key: "a:lock:lock", parts: ["a:lock"]),
    Case(pattern: "user:online:*", glob: "user:online:*", key: "user:online:", parts: []),
    Case(pattern: "*:lock:{id}", glob: "*:lock:*", key: "eu:lock:5", parts: ["5"]),
    Case(pattern: "lock", glob: "lock", key: "lock", parts: []),
    Case(pattern: "lock", glob: "lock", key: "locks", parts: nil),
    Case(pattern: "a?[b]:{id}", glob: "a\\?\\[b\\]:*", key: "a?[b]:1", parts: ["1"]),
    Case(pattern: "a\\{b\\}:{id}", glob: "a{b}:*", key: "a{b}:1", parts: ["1"]),
    Case(pattern: "lock:{{{id}}}:x", glob: "lock:{*}:x", key: "lock:{7}:x", parts: ["7"]),
    Case(pattern: "잠금:{id}", glob: "잠금:*", key: "잠금:재고", parts: ["재고"]),
    Case(pattern: "aa{x}aa", glob: "aa*aa", key: "aaa", parts: nil),
  ]

  @Test("a matching key gives the named parts, any other gives nothing", arguments: cases)
  func matching(_ test: Case) throws {
    let pattern = try LockPattern(test.pattern)
    #expect(pattern.glob == test.glob)
    #expect(pattern.parts(of: test.key)?.map(\.value) == test.parts)
  }

  @Test(
    "an ambiguous or truncated pattern is refused",
    arguments: ["", "*", "{id}", "a{b}{c}", "a{b}*", "a{b", "a}b", "a{}", "a\\"])
  func invalid(_ text: String) {
    #expect(throws: LockPattern.Invalid.self) { try LockPattern(text) }
  }

  @Test("the names keep their order")
  func names() throws {
    #expect(try LockPattern("lock:{type}:{id}").names == ["type", "id"])
  }
}
