import TestRandom
import Testing

@testable import Text

@Suite("Writing JSON")
struct JSONWriterTests {
  private struct ReaderGone: Error {}

  /// A random document.
  private static func value(_ random: inout SeededRandom, depth: Int) -> JSONValue {
    switch Int.random(in: 0...(depth > 3 ? 3 : 5), using: &random) {
    case 0: .null
    case 1: .bool(Bool.random(using: &random))
    case 2: .int(Int64.random(in: -9...9, using: &random))
    case 3: .string("te\"xt \u{1b}\n")
    case 4: .array((0..<Int.random(in: 0...3, using: &random)).map { _ in value(&random, depth: depth + 1) })
    default:
      .object((0..<Int.random(in: 0...3, using: &random)).map { ("m\($0)", value(&random, depth: depth + 1)) })
    }
  }

  @Test("streamed output equals the output in one piece", arguments: 0..<200)
  func parts(seed: Int) throws {
    var random = SeededRandom(seed: UInt64(seed))
    let rows = (0..<Int.random(in: 0...400, using: &random)).map { _ in Self.value(&random, depth: 2) }
    let more = (0..<Int.random(in: 0...2, using: &random)).map { _ in Self.value(&random, depth: 2) }
    func document(_ rows: [JSONValue], _ more: [JSONValue]) -> JSONValue {
      .object([
        ("schema", .string("v1")), ("sagas", .object([("counts", .int(3)), ("items", .array(rows)), ("end", .null)])),
        ("other", .object([("items", .array([.int(1)]))])), ("gone", .array(more)),
      ])
    }
    for isPretty in [true, false] {
      var bytes: [UInt8] = []
      var longest = 0
      try JSONWriter.write(document([], []), isPretty: isPretty, paths: [["sagas", "items"], ["gone"]]) { path, add in
        for row in path == ["gone"] ? more : rows { try add(row) }
      } to: {
        longest = max(longest, $0.count)
        bytes += $0
      }
      #expect(String(decoding: bytes, as: UTF8.self) == JSONWriter.write(document(rows, more), isPretty: isPretty))
      #expect(longest < 1 << 17)
    }
  }

  @Test("a write error ends it")
  func failure() {
    var made = 0
    #expect(throws: ReaderGone.self) {
      try JSONWriter.write(.object([("rows", .null)]), isPretty: false, paths: [["rows"]]) { _, add in
        for number in 0..<1_000_000 {
          made += 1
          try add(.int(Int64(number)))
        }
      } to: { _ in
        throw ReaderGone()
      }
    }
    #expect(made < 100_000)
  }
}
