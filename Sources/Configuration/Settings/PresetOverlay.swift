/// Merges a context's YAML over its preset's, with the same rules as `SettingsResolver` and `SagaReader`.
enum PresetOverlay {
  static func laid(_ context: YamlNode, over preset: YamlNode) -> YamlNode {
    var result = context.replacing(preset) { key, own, base in
      switch key {
      case "fields": own.replacing(base) { _, own, base in laidField(own, base) }
      case "sagas": own.replacing(base) { _, own, base in laidSaga(own, base) }
      case "documents": own.replacing(base) { _, own, base in kept(own, base, ["messages", "paging", "order"]) }
      case "commands": own.replacing(base) { _, own, base in kept(own, base, ["messages", "prefix"]) }
      case "actions", "kafka", "services", "http": own.replacing(base) { _, own, _ in own }
      default: own
      }
    }
    result.mark = context.mark
    return result
  }

  /// A mapping changes only its own keys. A list of sources does not change the time format.
  private static func laidField(_ own: YamlNode, _ base: YamlNode) -> YamlNode {
    let names = ["from", "format", "zone"]
    guard names.contains(where: { own[$0] != nil || base[$0] != nil }) else { return own }
    return own.asMapping("from").replacing(base.asMapping("from")) { _, own, _ in own }
  }

  private static func laidSaga(_ own: YamlNode, _ base: YamlNode) -> YamlNode {
    own.replacing(base) { key, own, base in
      switch key {
      case "ids":
        own.replacing(base) { _, own, base in
          guard case .mapping = own.content else { return own }
          return own.replacing(base.asMapping("from")) { _, own, _ in own }
        }.withoutNulls
      case "events": own.replacing(base) { _, own, _ in own }.withoutNulls
      case "actions": own.replacing(base) { _, own, _ in own }
      case "steps": laidSteps(own, base)
      default: own
      }
    }
  }

  /// A mapping changes individual steps; a list replaces all steps.
  private static func laidSteps(_ own: YamlNode, _ base: YamlNode) -> YamlNode {
    guard case .mapping = own.content, case .sequence(let items) = base.content else { return own }
    return YamlNode(
      mark: base.mark,
      content: .sequence(
        items.map { item in
          let step = item.asMapping("name")
          guard let change = step["name"]?.scalar.flatMap({ own[$0] }) else { return item }
          return change.replacing(step) { _, own, _ in own }
        }))
  }

  private static func kept(_ own: YamlNode, _ base: YamlNode, _ keys: [String]) -> YamlNode {
    var own = own
    for key in keys where own[key] == nil { if let value = base[key] { own.set([key], value) } }
    return own
  }
}

extension YamlNode {
  static var empty: YamlNode { YamlNode(mark: .init(line: 0, column: 0), content: .mapping([])) }

  /// The node itself if it is a mapping, else a mapping with the node under the key `name`.
  fileprivate func asMapping(_ name: String) -> YamlNode {
    if case .mapping = content { return self }
    return YamlNode(mark: mark, content: .mapping([(YamlNode(mark: mark, content: .scalar(name)), self)]))
  }

  fileprivate var withoutNulls: YamlNode {
    let kept = members.filter { if case .null = $0.value.content { false } else { true } }
    return YamlNode(mark: mark, content: .mapping(kept))
  }

  /// The base's members in their order, with `rule` applied to members of both, followed by new members.
  fileprivate func replacing(_ base: YamlNode, _ rule: (String, YamlNode, YamlNode) -> YamlNode) -> YamlNode {
    guard case .mapping(var members) = base.content, case .mapping(let own) = content else { return self }
    for (key, value) in own {
      if let place = members.firstIndex(where: { $0.key.scalar == key.scalar }) {
        members[place] = (key, rule(key.scalar ?? "", value, members[place].value))
      } else {
        members.append((key, value))
      }
    }
    return YamlNode(mark: mark, content: .mapping(members))
  }

  mutating func set(_ path: [String], _ value: YamlNode) {
    guard let name = path.first else { return self = value }
    var members = members
    let place = members.firstIndex { $0.key.scalar == name }
    var inner = place.map { members[$0].value } ?? .empty
    inner.set(Array(path.dropFirst()), value)
    let key = YamlNode(mark: value.mark, content: .scalar(name))
    if let place { members[place].value = inner } else { members.append((key, inner)) }
    content = .mapping(members)
  }
}
