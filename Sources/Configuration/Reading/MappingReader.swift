import Core

/// Takes values out of a mapping by name and reports what is missing, of the wrong kind or unknown.
struct MappingReader {
  let mark: YamlNode.Mark
  let diagnostics: Diagnostics
  let secrets: SecretResolver
  private var members: [(key: YamlNode, value: YamlNode)]
  private var known: [String] = []

  /// `what` names the mapping in messages: "a context". Anything but a mapping is reported and read as an empty one.
  init(_ node: YamlNode, _ what: String, _ diagnostics: Diagnostics, _ secrets: SecretResolver) {
    mark = node.mark
    self.diagnostics = diagnostics
    self.secrets = secrets
    if case .mapping(let members) = node.content {
      self.members = members
    } else {
      members = []
      diagnostics.add(node.mark, "expected \(what) (a mapping), found \(node.kind)")
    }
  }

  /// The members not taken so far, for mappings whose keys are names of the operator's choice.
  mutating func takeAll() -> [(key: YamlNode, value: YamlNode)] {
    defer { members = [] }
    return members
  }

  mutating func take(_ name: String) -> YamlNode? {
    known.append(name)
    guard let index = members.firstIndex(where: { $0.key.scalar == name }) else { return nil }
    return members.remove(at: index).value
  }

  mutating func string(_ name: String) -> String? {
    take(name).flatMap { text($0, "`\(name)`") }
  }

  mutating func bool(_ name: String) -> Bool? {
    guard let node = take(name), let text = text(node, "`\(name)`") else { return nil }
    switch text {
    case "true", "yes", "on": return true
    case "false", "no", "off": return false
    default:
      diagnostics.add(node.mark, "`\(name)`: expected true or false, found \(node.kind)")
      return nil
    }
  }

  mutating func integer(_ name: String, _ range: ClosedRange<Int>) -> Int? {
    guard let node = take(name), let text = text(node, "`\(name)`") else { return nil }
    if let number = Int(text.filter { $0 != "_" }), range.contains(number) { return number }
    diagnostics.add(
      node.mark, "`\(name)`: expected a number from \(range.lowerBound) to \(range.upperBound), found \(node.kind)")
    return nil
  }

  mutating func duration(_ name: String) -> Duration? {
    guard let node = take(name), let text = text(node, "`\(name)`") else { return nil }
    if let duration = DurationText.parse(text) { return duration }
    diagnostics.add(node.mark, "`\(name)`: expected a duration such as 30s, 15m or 1h30m, found \(node.kind)")
    return nil
  }

  mutating func oneOf<Value: RawRepresentable & CaseIterable>(_ name: String, _: Value.Type) -> Value?
  where Value.RawValue == String {
    guard let node = take(name), let text = text(node, "`\(name)`") else { return nil }
    if let value = Value(rawValue: text) { return value }
    let words = Value.allCases.map(\.rawValue)
    diagnostics.add(
      node.mark,
      "`\(name)`: expected \(words.joined(separator: ", ")), found \(node.kind)\(NearestWord.hint(text, among: words))")
    return nil
  }

  /// One text or a list of them, each with its place.
  mutating func texts(_ name: String) -> [(text: String, mark: YamlNode.Mark)] {
    guard let node = take(name) else { return [] }
    if case .sequence(let items) = node.content {
      return items.compactMap { item in text(item, "`\(name)`").map { ($0, item.mark) } }
    }
    return text(node, "`\(name)`").map { [($0, node.mark)] } ?? []
  }

  func text(_ node: YamlNode, _ what: String) -> String? {
    guard let scalar = node.scalar else {
      diagnostics.add(node.mark, "\(what): expected a text, found \(node.kind)")
      return nil
    }
    switch secrets.resolve(scalar) {
    case .success(let text): return text
    case .failure(let error):
      diagnostics.add(node.mark, "\(what): \(error.message)")
      return nil
    }
  }

  /// Reports every member that was not asked for.
  func finish() {
    for member in members {
      let name = member.key.scalar ?? ""
      let hint = NearestWord.hint(name, among: known)
      let choice = hint.isEmpty ? "; known here: \(known.sorted().joined(separator: ", "))" : hint
      diagnostics.add(member.key.mark, "unknown key `\(name)`\(choice)")
    }
  }
}
