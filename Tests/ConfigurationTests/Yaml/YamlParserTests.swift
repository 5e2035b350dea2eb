import Testing

@testable import Configuration

@Suite("YAML")
struct YamlParserTests {
  /// A node as text for comparisons: mappings as `{k: v}`, lists as `[a]`, an empty node as `null`.
  private static func text(_ node: YamlNode) -> String {
    switch node.content {
    case .null: "null"
    case .scalar(let text): "'\(text)'"
    case .sequence(let items): "[\(items.map(text).joined(separator: ", "))]"
    case .mapping(let members):
      "{\(members.map { "\($0.key.scalar ?? "?"): \(text($0.value))" }.joined(separator: ", "))}"
    }
  }

  private func parse(_ text: String) throws -> YamlNode? { try YamlParser.parse(Array(text.utf8)) }

  @Test(
    "scalars keep their text; only an unquoted empty value is null",
    arguments: [
      ("a: 1\nb: [x, 'y z', \"\\u00fc\"]\n", "{a: '1', b: ['x', 'y z', 'ü']}"),
      ("a:\nb: ~\nc: null\nd: 'null'\ne: ''\n", "{a: null, b: null, c: null, d: 'null', e: ''}"),
      ("- 0x1F\n- yes\n- 1e3\n", "['0x1F', 'yes', '1e3']"), ("t: |\n  one\n  two\n", "{t: 'one\ntwo\n'}"),
      ("\u{feff}a: b\r\n", "{a: 'b'}"), ("--- # a start\na: {b: {}}\n...\n", "{a: {b: {}}}"), ("<<: x\n", "{<<: 'x'}"),
    ])
  func tree(document: String, tree: String) throws {
    #expect(try parse(document).map(Self.text) == tree)
  }

  @Test(
    "an empty text, or one with comments only, has no document", arguments: ["", "\n\n", "# nothing\n", "\u{feff}"])
  func nothing(document: String) throws {
    #expect(try parse(document) == nil)
  }

  @Test("each value has its line and column, counted in characters")
  func marks() throws {
    let root = try #require(try parse("ü: [é, b]\nnext:\n  deep: x\n"))
    guard case .mapping(let members) = root.content, case .sequence(let items) = members[0].value.content,
      case .mapping(let inner) = members[1].value.content
    else {
      Issue.record("another tree")
      return
    }
    #expect(items.map(\.mark) == [.init(line: 1, column: 5), .init(line: 1, column: 8)])
    #expect(inner[0].value.mark == .init(line: 3, column: 9))
  }

  @Test(
    "anchors, duplicate keys and invalid YAML are refused with their position",
    arguments: [
      ("a: &x 1\n", "1:4: anchors"), ("a: *x\n", "1:4: aliases"), ("a: !!int 1\n", "1:4: tags"),
      ("a: 1\nb: 2\na: 3\n", "3:1: the key `a` is a duplicate; the first is in line 1"),
      ("{a: 1, a: 2}", "1:8: the key `a`"),
      ("? {x: y}\n: z\n", "1:3: expected a key"), ("'': x\n", "1:1: expected a key"), ("~: x\n", "1:1: expected a key"),
      ("a: 1\n---\nb: 2\n", "2:1: expected the end"), ("a: [1\n", "2:1: "), ("a: \"x\n", "2:1: "),
      ("a: b: c\n", "1:5: "),
      ("a:\n\t- x\n", "2:1: found a tab"), ("a: \"\\q\"\n", "1:5: "), ("a: \u{0}\n", "1:4: "),
    ])
  func refused(document: String, complaint: String) throws {
    let error = try #require(throws: YamlParser.Failure.self) { try parse(document) }
    #expect("\(error.mark.line):\(error.mark.column): \(error.message)".hasPrefix(complaint))
  }

  @Test("sixty-four levels of lists and mappings are accepted, one more is refused")
  func depth() throws {
    for (open, close) in [("[", "]"), ("{a: ", "}")] {
      func nested(_ depth: Int) -> String {
        String(repeating: open, count: depth) + String(repeating: close, count: depth)
      }
      #expect(try parse(nested(63)) != nil)
      #expect(throws: YamlParser.Failure.self) { try parse(nested(100_000)) }
      #expect(throws: YamlParser.Failure.self) { try parse(nested(65)) }
    }
  }

  @Test("one mebibyte is accepted, one byte more is refused")
  func size() throws {
    let comment = "a: 1\n#" + String(repeating: "x", count: YamlParser.maxBytes - 6)
    #expect(try parse(comment) != nil)
    let error = try #require(throws: YamlParser.Failure.self) { try parse(comment + "x") }
    #expect(error.message == "larger than 1048576 bytes")
  }

  @Test("any bytes are accepted or refused", arguments: 0..<200)
  func noise(seed: Int) throws {
    var state = UInt64(seed) &* 0x9e37_79b9_7f4a_7c15 | 1
    let pieces = [
      "a", ": ", "\n", "- ", "[", "]", "{", "}", ", ", "'", "\"", "\\", "|", ">", "#", "?", "\t", "\u{ff}", "  ",
    ]
    var bytes: [UInt8] = []
    for _ in 0..<300 {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      bytes +=
        state >> 60 == 0
        ? [UInt8(truncatingIfNeeded: state >> 40)] : Array(pieces[Int(state >> 33) % pieces.count].utf8)
    }
    do throws(YamlParser.Failure) { _ = try YamlParser.parse(bytes) } catch { #expect(error.mark >= .start) }
  }
}
