import CYaml
import Glibc

/// Reads a YAML document with libyaml into nodes. Bounded in size and depth; aliases are refused, because a few lines of them grow to
/// any size.
struct YamlParser: ~Copyable {
  struct Failure: Error {
    var mark: YamlNode.Mark
    var message: String
  }

  static let maxBytes = 1 << 20
  private static let maxDepth = 64

  private let parser: UnsafeMutablePointer<yaml_parser_t>

  /// The first document of the text; `nil` when there is none.
  static func parse(_ text: [UInt8]) throws(Failure) -> YamlNode? {
    guard text.count <= maxBytes else {
      throw Failure(mark: .init(line: 1, column: 1), message: "larger than \(maxBytes) bytes")
    }
    let parser = try YamlParser()
    return try parser.document(text)
  }

  private init() throws(Failure) {
    parser = .allocate(capacity: 1)
    guard yaml_parser_initialize(parser) == 1 else {
      parser.deallocate()
      throw Failure(mark: .init(line: 1, column: 1), message: "no memory to read YAML")
    }
  }

  deinit {
    yaml_parser_delete(parser)
    parser.deallocate()
  }

  private borrowing func document(_ text: [UInt8]) throws(Failure) -> YamlNode? {
    // The parser keeps the pointer to its input, so the input must stay in place while it works.
    let input = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: text.count)
    defer { input.deallocate() }
    _ = input.initialize(from: text)
    yaml_parser_set_input_string(parser, input.baseAddress, text.count)
    while true {
      var event = try next()
      defer { yaml_event_delete(&event) }
      switch event.type {
      case YAML_STREAM_END_EVENT: return nil
      case YAML_STREAM_START_EVENT, YAML_DOCUMENT_START_EVENT: continue
      default: return try node(&event, depth: 0)
      }
    }
  }

  private func next() throws(Failure) -> yaml_event_t {
    var event = yaml_event_t()
    guard yaml_parser_parse(parser, &event) == 1 else {
      let problem = parser.pointee.problem.map { String(cString: $0) } ?? "not YAML"
      throw Failure(mark: Self.mark(parser.pointee.problem_mark), message: problem)
    }
    return event
  }

  private static func mark(_ mark: yaml_mark_t) -> YamlNode.Mark {
    YamlNode.Mark(line: Int(mark.line) + 1, column: Int(mark.column) + 1)
  }

  private func node(_ event: inout yaml_event_t, depth: Int) throws(Failure) -> YamlNode {
    let mark = Self.mark(event.start_mark)
    guard depth < Self.maxDepth else { throw Failure(mark: mark, message: "nested more than \(Self.maxDepth) deep") }
    switch event.type {
    case YAML_SCALAR_EVENT:
      let scalar = event.data.scalar
      let bytes = UnsafeBufferPointer(start: scalar.value, count: scalar.length)
      return YamlNode(mark: mark, content: .scalar(String(decoding: bytes, as: UTF8.self)))
    case YAML_SEQUENCE_START_EVENT:
      return YamlNode(mark: mark, content: .sequence(try sequence(depth: depth)))
    case YAML_MAPPING_START_EVENT:
      return YamlNode(mark: mark, content: .mapping(try mapping(depth: depth)))
    case YAML_ALIAS_EVENT:
      throw Failure(mark: mark, message: "aliases (`*name`) are not supported")
    default:
      throw Failure(mark: mark, message: "not a value")
    }
  }

  private func sequence(depth: Int) throws(Failure) -> [YamlNode] {
    var items: [YamlNode] = []
    while true {
      var event = try next()
      defer { yaml_event_delete(&event) }
      if event.type == YAML_SEQUENCE_END_EVENT { return items }
      items.append(try node(&event, depth: depth + 1))
    }
  }

  private func mapping(depth: Int) throws(Failure) -> [(key: YamlNode, value: YamlNode)] {
    var members: [(key: YamlNode, value: YamlNode)] = []
    var lines: [String: Int] = [:]
    while true {
      var event = try next()
      defer { yaml_event_delete(&event) }
      if event.type == YAML_MAPPING_END_EVENT { return members }
      let key = try node(&event, depth: depth + 1)
      guard let name = key.scalar else { throw Failure(mark: key.mark, message: "expected a key, found \(key.kind)") }
      if let line = lines[name] { throw Failure(mark: key.mark, message: "`\(name)` stands already in line \(line)") }
      lines[name] = key.mark.line
      var value = try next()
      defer { yaml_event_delete(&value) }
      members.append((key, try node(&value, depth: depth + 1)))
    }
  }
}
