import Core
import Text

/// Compares event names with the topics that are read, if names are derived from topics.
enum EventNames {
  /// A warning for each saga with event names that no message can have.
  static func doubts(_ system: SystemDefinition) -> [String] {
    guard !system.topics.isEmpty, !system.fields.type.isEmpty, system.documents.isEmpty, system.commands.isEmpty else {
      return []
    }
    let patterns = system.topics.compactMap { try? NamePattern($0) }
    let ends = system.fields.type.compactMap(end)
    guard ends.count == system.fields.type.count else { return [] }
    return system.sagas.compactMap { saga in
      let unknown = saga.events.map(\.type).filter { type in
        RuleIndex.glob(type) == nil && !ends.contains { isPossible(type, $0, patterns) }
      }
      guard let first = unknown.first else { return nil }
      let others = unknown.count == 1 ? "" : " and \(unknown.count - 1) more"
      let hint = NearestWord.hint(first, among: patterns.compactMap(\.exactName))
      return "the saga `\(saga.type)`: no topic that is read gives an event the name `\(first)`\(others)\(hint)"
    }
  }

  /// The text after the topic in an event name. `nil` if names do not start with the topic. Empty if the topic is the whole name.
  private static func end(_ source: FieldSource) -> String? {
    switch source {
    case .topic: return ""
    case .template(let parts):
      guard case .field(.topic)? = parts.first, parts.count > 1, case .text(let text) = parts[1] else { return nil }
      return text
    default: return nil
    }
  }

  private static func isPossible(_ type: String, _ end: String, _ topics: [NamePattern]) -> Bool {
    // A message without a type is named after its topic.
    if topics.contains(where: { $0.matches(type) }) { return true }
    guard !end.isEmpty else { return false }
    var rest = type[...]
    while let place = rest.firstRange(of: end) {
      if topics.contains(where: { $0.matches(String(type[..<place.lowerBound])) }) { return true }
      rest = rest[place.upperBound...]
    }
    return false
  }
}
