import TestRandom
import TestSupport
import Testing

@testable import Collectors

@Suite("reading selected JSON fields")
struct JSONReaderTests {
  private func read(_ bytes: [UInt8], _ paths: [[String]]) throws -> [[String]] {
    let plan = JSONPlan()
    let numbers = paths.map { plan.add($0) }
    var reader = JSONReader(plan)
    let error = bytes.withUnsafeBytes { reader.read($0) }
    try #require(error == nil, "\(error ?? "")")
    return numbers.map { number in
      var found: [String] = []
      reader.fields.forEachValue(at: number) { found.append(Bytes.string($0)) }
      return found
    }
  }

  @Test(
    "values of a random document are returned as written, and whole numbers as digits",
    arguments: 0..<200 as Range<UInt64>)
  func roundTrip(seed: UInt64) throws {
    var random = SeededRandom(seed: seed)
    for _ in 0..<20 {
      let document = RandomJSON.document(&random)
      let paths = Array(RandomJSON.paths(document.root).sorted { $0.joined() < $1.joined() }.prefix(40))
      let found = try read(document.bytes, paths)
      for (path, values) in zip(paths, found) {
        #expect(
          values == RandomJSON.values(at: path[...], in: document.root).prefix(64).map(Self.digits),
          "seed \(seed), path \(path), \(String(decoding: document.bytes, as: UTF8.self))")
      }
    }
  }

  /// Expands a number with a positive exponent to plain digits: `-4.5E+7` becomes `-45000000`.
  private static func digits(_ text: String) -> String {
    if text == "0e-3" || text == "-0e-3" { return "0" }
    guard let mark = text.firstRange(of: "E+"), let exponent = Int(text[mark.upperBound...]),
      let point = text[..<mark.lowerBound].firstIndex(of: ".")
    else { return text }
    let fraction = text[text.index(after: point)..<mark.lowerBound]
    let whole = text[..<point] + fraction + String(repeating: "0", count: max(0, exponent - fraction.count))
    let sign = whole.hasPrefix("-") ? "-" : ""
    let digits = whole.dropFirst(sign.count).drop { $0 == "0" }
    return digits.isEmpty ? "0" : sign + digits
  }

  @Test("equal paths share a number, and a path may be within another one")
  func plan() throws {
    let plan = JSONPlan()
    #expect(plan.add(["a", "b"]) == plan.add(["a", "b"]))
    #expect(plan.add(["a"]) != plan.add(["a", "b"]))
    #expect(try read(Array(#"{"a":{"b":1},"c":2}"#.utf8), [["a"], ["a", "b"], ["c"]]) == [[], ["1"], ["2"]])
    #expect(try read(Array(#"{"a":5,"c":2}"#.utf8), [["a"], ["a", "b"], ["c"]]) == [["5"], [], ["2"]])
  }

  @Test("names longer than the rest of the document are handled without reading beyond its end")
  func longNames() throws {
    let name = String(repeating: "n", count: 300)
    #expect(try read(Array(#"{"a":1,"\#(name)":2}"#.utf8), [["a"], [name]]) == [["1"], ["2"]])
    #expect(try read(Array(#"{"n":1}"#.utf8), [["n"], [name]]) == [["1"], []])
  }

  @Test("nothing is kept from the previous document")
  func reuse() {
    let plan = JSONPlan()
    let path = plan.add(["a"])
    var reader = JSONReader(plan)
    for body in [#"{"a":1}"#, #"{"b":1}"#, "{", "[]"] {
      _ = Array(body.utf8).withUnsafeBytes { reader.read($0) }
      #expect((reader.fields.value(at: path) != nil) == (body == #"{"a":1}"#))
    }
  }
}
