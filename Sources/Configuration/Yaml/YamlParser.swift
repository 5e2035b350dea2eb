import CYaml

/// Parses a YAML document into nodes with libyaml. Size and depth are limited. Aliases are rejected, because a few lines with aliases can
/// expand to any size.
struct YamlParser: ~Copyable {
  static let maxBytes = 1 << 20
  private static let maxDepth = 64

  private let parser: UnsafeMutablePointer<yaml_parser_t>
  private let text: [UInt8]

  /// The document of the text. `nil` if there is none.
  static func parse(_ text: [UInt8]) throws(Failure) -> YamlNode? {
    guard text.count <= maxBytes else { throw Failure(mark: .start, message: "larger than \(maxBytes) bytes") }
    let parser = try YamlParser(text)
    return try parser.document()
  }

  private init(_ text: [UInt8]) throws(Failure) {
    parser = .allocate(capacity: 1)
    self.text = text
    guard yaml_parser_initialize(parser) == 1 else {
      parser.deallocate()
      throw Failure(mark: .start, message: "no memory to read YAML")
    }
  }

  deinit {
    yaml_parser_delete(parser)
    parser.deallocate()
  }

  private borrowing func document() throws(Failure) -> YamlNode? {
    // libyaml references its input, so the buffer must stay valid during parsing.
    let input = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: text.count)
    defer { input.deallocate() }
    _ = input.initialize(from: text)
    yaml_parser_set_input_string(parser, input.baseAddress, text.count)
    var root: YamlNode?
    while true {
      var event = try next()
      defer { yaml_event_delete(&event) }
      switch event.type {
      case YAML_STREAM_END_EVENT: return root
      case YAML_STREAM_START_EVENT, YAML_DOCUMENT_END_EVENT: continue
      case YAML_DOCUMENT_START_EVENT:
        guard root == nil else {
          throw Failure(mark: .init(event.start_mark), message: "expected the end of the file, found another document")
        }
      default: root = try node(&event, depth: 0)
      }
    }
  }

  private borrowing func next() throws(Failure) -> yaml_event_t {
    var event = yaml_event_t()
    guard yaml_parser_parse(parser, &event) == 1 else { throw Failure(parser.pointee, in: text) }
    return event
  }

  private borrowing func node(_ event: inout yaml_event_t, depth: Int) throws(Failure) -> YamlNode {
    let mark = YamlNode.Mark(event.start_mark)
    guard depth < Self.maxDepth else { throw Failure(mark: mark, message: "nested more than \(Self.maxDepth) deep") }
    switch event.type {
    case YAML_SCALAR_EVENT:
      try refuse(event.data.scalar.anchor, event.data.scalar.tag, mark)
      return YamlNode(mark: mark, content: Self.content(event))
    case YAML_SEQUENCE_START_EVENT:
      try refuse(event.data.sequence_start.anchor, event.data.sequence_start.tag, mark)
      return YamlNode(mark: mark, content: .sequence(try sequence(depth: depth)))
    case YAML_MAPPING_START_EVENT:
      try refuse(event.data.mapping_start.anchor, event.data.mapping_start.tag, mark)
      return YamlNode(mark: mark, content: .mapping(try mapping(depth: depth)))
    case YAML_ALIAS_EVENT:
      throw Failure(mark: mark, message: "aliases are not supported; a text that begins with `*` needs quotes")
    default:
      throw Failure(mark: mark, message: "expected a value")
    }
  }

  /// Rejects anchors and tags, which would be ignored.
  private func refuse(
    _ anchor: UnsafeMutablePointer<yaml_char_t>?, _ tag: UnsafeMutablePointer<yaml_char_t>?, _ mark: YamlNode.Mark
  ) throws(Failure) {
    if anchor != nil {
      throw Failure(mark: mark, message: "anchors are not supported; a text that begins with `&` needs quotes")
    }
    if tag != nil {
      throw Failure(mark: mark, message: "tags are not supported; a text that begins with `!` needs quotes")
    }
  }

  private static func content(_ event: yaml_event_t) -> YamlNode.Content {
    let scalar = event.data.scalar
    let text = String(decoding: UnsafeBufferPointer(start: scalar.value, count: scalar.length), as: UTF8.self)
    let isNull = scalar.style == YAML_PLAIN_SCALAR_STYLE && ["", "~", "null", "Null", "NULL"].contains(text)
    return isNull ? .null : .scalar(text)
  }

  private borrowing func sequence(depth: Int) throws(Failure) -> [YamlNode] {
    var items: [YamlNode] = []
    while true {
      var event = try next()
      defer { yaml_event_delete(&event) }
      if event.type == YAML_SEQUENCE_END_EVENT { return items }
      items.append(try node(&event, depth: depth + 1))
    }
  }

  private borrowing func mapping(depth: Int) throws(Failure) -> [(key: YamlNode, value: YamlNode)] {
    var members: [(key: YamlNode, value: YamlNode)] = []
    var lines: [String: Int] = [:]
    while true {
      var event = try next()
      defer { yaml_event_delete(&event) }
      if event.type == YAML_MAPPING_END_EVENT { return members }
      let key = try node(&event, depth: depth + 1)
      guard let name = key.scalar, !name.isEmpty else {
        throw Failure(mark: key.mark, message: "expected a key, found \(key.shape)")
      }
      if let line = lines[name] {
        let shown = key.plainName.map { "the key `\($0)`" } ?? "this key"
        throw Failure(mark: key.mark, message: "\(shown) is a duplicate; the first is in line \(line)")
      }
      lines[name] = key.mark.line
      var value = try next()
      defer { yaml_event_delete(&value) }
      members.append((key, try node(&value, depth: depth + 1)))
    }
  }
}

/// The YAML library.
package enum YamlLibrary {
  package static var version: String { String(cString: yaml_get_version_string()) }
}

extension YamlParser {
  /// Why a text is not a valid configuration document, and where.
  struct Failure: Error {
    var mark: YamlNode.Mark
    var message: String
  }
}

extension YamlParser.Failure {
  /// Describes libyaml's last error.
  init(_ parser: yaml_parser_t, in text: [UInt8]) {
    let problem = parser.problem.map { String(cString: $0) } ?? "not YAML"
    guard parser.error != YAML_READER_ERROR else {
      // Invalid bytes have no mark, only a byte offset.
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

  /// Marks count characters, but the text consists of bytes.
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
