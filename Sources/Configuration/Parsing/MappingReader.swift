import Core
import Text

/// Reads values from a mapping by name and reports missing, invalid and unknown members.
struct MappingReader {
  let mark: YamlNode.Mark
  let reading: ParseContext
  private var members: [(key: YamlNode, value: YamlNode)]
  private var known: [String] = []

  /// `what` names the mapping in messages: "a context". Any other node is reported and read as an empty mapping.
  init(_ node: YamlNode, _ what: String, _ reading: ParseContext) {
    mark = node.mark
    self.reading = reading
    if case .mapping(let members) = node.content {
      self.members = members
    } else {
      members = []
      reading.add(node.mark, "expected \(what) (a mapping), found \(node.shape)")
    }
  }

  /// Returns all remaining members, for mappings with keys chosen by the operator.
  mutating func takeAll() -> [(key: YamlNode, name: String, value: YamlNode)] {
    defer { members = [] }
    return members.map { ($0.key, $0.key.scalar ?? "", $0.value) }
  }

  /// The position of a member's value. `nil` if there is no such member.
  func mark(of name: String) -> YamlNode.Mark? { members.first { $0.key.scalar == name }?.value.mark }

  mutating func take(_ name: String) -> YamlNode? {
    known.append(name)
    guard let index = members.firstIndex(where: { $0.key.scalar == name }) else { return nil }
    return members.remove(at: index).value
  }

  /// A text that must not be empty.
  mutating func string(_ name: String) -> String? {
    take(name).flatMap { reading.word($0, name) }
  }

  /// A file path relative to the working directory.
  mutating func path(_ name: String) -> String? {
    take(name).flatMap { node in reading.word(node, name).map { reading.path($0, node.mark) } }
  }

  /// The name of a shipped item, or the path of a custom file.
  mutating func nameOrPath(_ name: String) -> String? {
    take(name).flatMap { node in
      reading.word(node, name).map { TextFile.isPath($0) ? reading.path($0, node.mark) : $0 }
    }
  }

  /// A theme. An unknown name is an error; a file is read where it is used.
  mutating func theme() -> ThemeSetting? {
    guard let node = take("theme"), let name = reading.word(node, "theme") else { return nil }
    if let problem = ThemeFile.unknown(name) { reading.add(node.mark, problem) }
    return ThemeSetting(
      TextFile.isPath(name) ? reading.path(name, node.mark) : name, place: reading.diagnostics.place(node.mark))
  }

  mutating func bool(_ name: String) -> Bool? {
    value(name, "true or false") { text in
      switch text {
      case "true", "yes", "on": true
      case "false", "no", "off": false
      default: nil
      }
    }
  }

  mutating func integer(_ name: String, _ range: ClosedRange<Int>) -> Int? {
    value(name, "a number from \(range.lowerBound) to \(range.upperBound)") { text in
      Int(text.filter { $0 != "_" }).flatMap { range.contains($0) ? $0 : nil }
    }
  }

  mutating func duration(_ name: String) -> Duration? {
    value(name, "a duration such as 30s, 15m or 1h30m", DurationText.parse)
  }

  mutating func duration(_ name: String, _ range: ClosedRange<Duration>, _ expected: String) -> Duration? {
    value(name, expected) { text in DurationText.parse(text).flatMap { range.contains($0) ? $0 : nil } }
  }

  mutating func oneOf<Value: RawRepresentable & CaseIterable>(_ name: String, _: Value.Type) -> Value?
  where Value.RawValue == String {
    let words = Value.allCases.map(\.rawValue)
    return value(name, words.joined(separator: ", "), words: words) { Value(rawValue: $0) }
  }

  /// One text or a list of texts, each not empty, with their positions.
  mutating func texts(_ name: String) -> [ParseContext.Text] {
    take(name).map { reading.words($0, name) } ?? []
  }

  /// Reports every member that was not read.
  func finish() {
    let known = known
    for (key, _) in members {
      reading.add(key.mark) {
        let name = key.plainName
        let hint = name.map { NearestWord.hint($0, among: known) } ?? ""
        let choice = hint.isEmpty ? "; known here: \(known.sorted().joined(separator: ", "))" : hint
        return "unknown key \(name.map { "`\($0)`" } ?? "(not shown: it is no plain name)")\(choice)"
      }
    }
  }

  mutating func value<Value>(
    _ name: String, _ expected: String, words: [String] = [], _ parse: (String) -> Value?
  ) -> Value? {
    guard let node = take(name), let text = reading.text(node, name) else { return nil }
    if let value = parse(text) { return value }
    let hint = NearestWord.hint(text, among: words)
    reading.add(node.mark, "`\(name)`: expected \(expected), found \(node.kind)\(hint)")
    return nil
  }
}
