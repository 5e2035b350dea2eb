import Core

/// Reads what each event type means for a saga.
struct EventRuleReader {
  private enum End: String, CaseIterable {
    case completed
    case compensated
    case failed

    var status: SagaStatus {
      switch self {
      case .completed: .completed
      case .compensated: .compensated
      case .failed: .failed
      }
    }
  }

  let diagnostics: Diagnostics
  let secrets: SecretResolver
  /// The names that rules may use; any name when empty.
  let steps: [String]

  func read(_ node: YamlNode) -> [EventRule] {
    var reader = MappingReader(node, "`events`", diagnostics, secrets)
    return reader.takeAll().map { rule($0.key.scalar ?? "", $0.value) }
  }

  private func rule(_ type: String, _ node: YamlNode) -> EventRule {
    var reader = MappingReader(node, "the event `\(type)`", diagnostics, secrets)
    defer { reader.finish() }
    var effects: [EventRule.StepEffect] = []
    for transition in EventRule.Transition.allCases {
      effects += reader.texts(transition.rawValue).map { text, mark in
        EventRule.StepEffect(transition, step(text, mark))
      }
    }
    return EventRule(
      type: type, startsSaga: reader.bool("starts") ?? false, effects: effects,
      startsCompensation: reader.bool("startsCompensation") ?? false, ends: reader.oneOf("ends", End.self)?.status)
  }

  /// `{…}` stands for the steps that the message carries, where `stepFrom` finds them.
  private func step(_ text: String, _ mark: YamlNode.Mark) -> EventRule.StepReference {
    if text.hasPrefix("{"), text.hasSuffix("}") { return .carried }
    if !steps.contains(text) {
      diagnostics.add(mark, "`\(text)` is none of the steps\(NearestWord.hint(text, among: steps))")
    }
    return .named(text)
  }
}
