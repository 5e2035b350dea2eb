import CYaml

extension YamlParser {
  /// Why a text is not a YAML document that configuration can be read from, and where.
  struct Failure: Error {
    var mark: YamlNode.Mark
    var message: String
  }
}

extension YamlParser.Failure {
  /// What libyaml says of its last error.
  init(_ parser: yaml_parser_t, in text: [UInt8]) {
    let problem = parser.problem.map { String(cString: $0) } ?? "not YAML"
    guard parser.error != YAML_READER_ERROR else {
      // Bytes that are no text have no mark, only an offset.
      self.init(mark: Self.mark(at: parser.problem_offset, in: text), message: problem)
      return
    }
    let mark = YamlNode.Mark(parser.problem_mark)
    guard !Self.isTab(at: parser.problem_mark.index, in: text) else {
      self.init(mark: mark, message: "found a tab: YAML indents with spaces")
      return
    }
    guard let context = parser.context else {
      self.init(mark: mark, message: problem)
      return
    }
    let begin = YamlNode.Mark(parser.context_mark)
    let place = begin.line == mark.line ? "" : " that begins in line \(begin.line)"
    self.init(mark: mark, message: "\(problem) \(String(cString: context))\(place)")
  }

  private static func mark(at offset: Int, in text: [UInt8]) -> YamlNode.Mark {
    let before = text.prefix(max(0, offset))
    let line = before.lastIndex(of: UInt8(ascii: "\n")).map { before[($0 + 1)...] } ?? before
    return YamlNode.Mark(
      line: before.count { $0 == UInt8(ascii: "\n") } + 1, column: String(decoding: line, as: UTF8.self).count + 1)
  }

  /// Marks count characters, the text has bytes.
  private static func isTab(at index: Int, in text: [UInt8]) -> Bool {
    let scalars = String(decoding: text, as: UTF8.self).unicodeScalars
    return scalars.dropFirst(max(0, index)).first == "\t"
  }
}

extension YamlNode.Mark {
  init(_ mark: yaml_mark_t) {
    self.init(line: Int(clamping: mark.line) &+ 1, column: Int(clamping: mark.column) &+ 1)
  }
}
