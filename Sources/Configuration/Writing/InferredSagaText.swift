import Core
import Text

/// Writes one inferred saga type with the evidence for each of its parts.
struct InferredSagaText {
  private static let least = Duration.seconds(10)
  /// Minimum number of sagas for writing a deadline.
  private static let evidence = 20

  private(set) var lines: [String] = []

  init(_ saga: InferredSystem.Saga, groups: [String: [String]]) {
    let definition = saga.definition
    add(3, "# \(saga.flows) seen, \(saga.settled) of them over.")
    for part in saga.parts { add(3, "# \(part.name): \(part.confidence.rawValue), \(YamlText.comment(part.evidence))") }
    add(3, "\(YamlText.scalar(definition.type)):")
    add(4, "coordination: \(definition.coordination.rawValue)")
    if !definition.isCompletedBySteps {
      add(4, "# No event is known to complete it, nor which step is the last.")
      add(4, "completedBySteps: false")
    }
    add(4, "ids:")
    for (identity, seen) in zip(definition.identities, saga.identities) {
      add(
        5,
        "# In \(seen.types) event types; \(seen.values) values, of which \(seen.joined) tie different types together.")
      add(5, "\(YamlText.scalar(identity.name)): \(Self.text(of: identity))")
    }
    if !definition.errorSources.isEmpty {
      add(4, "error: \(YamlText.list(definition.errorSources.map(FieldSourceText.text)))")
    }
    writeSteps(saga, groups)
    writeEvents(saga)
  }

  /// The sources, with the observed values that are not saga ids.
  private static func text(of identity: SagaDefinition.Identity) -> String {
    let sources = YamlText.list(identity.sources.map(FieldSourceText.text))
    guard !identity.ignored.isEmpty else { return sources }
    return "{from: \(sources), ignore: \(YamlText.list(identity.ignored))}"
  }

  private mutating func add(_ depth: Int, _ line: String) { lines.append(String(repeating: "  ", count: depth) + line) }

  private mutating func writeSteps(_ saga: InferredSystem.Saga, _ groups: [String: [String]]) {
    guard !saga.definition.steps.isEmpty else { return }
    add(4, "steps:")
    for (step, seen) in zip(saga.definition.steps, saga.steps) {
      var parts = ["name: \(YamlText.scalar(step.name))"]
      if let topic = step.topic {
        parts.append("topic: \(YamlText.scalar(topic))")
        if let group = Self.group(of: step, groups[topic] ?? []) { parts.append("group: \(YamlText.scalar(group))") }
      }
      var evidence = ""
      if let p50 = seen.p50, let p99 = seen.p99 {
        if saga.flows >= Self.evidence { parts.append("deadline: \(Self.seconds(max(Self.least, p99 * 5)))") }
        evidence = "  # p50 \(Quantity.latency(p50)), p99 \(Quantity.latency(p99))"
      }
      add(5, "- {\(parts.joined(separator: ", "))}\(evidence)")
    }
  }

  /// The only reader, or the first reader with a name that contains the step's name.
  private static func group(of step: StepDefinition, _ readers: [String]) -> String? {
    readers.count == 1 ? readers[0] : readers.first { $0.contains(step.name) }
  }

  private static func seconds(_ duration: Duration) -> String { "\(duration.components.seconds)s" }

  private mutating func writeEvents(_ saga: InferredSystem.Saga) {
    add(4, "events:")
    let rules = Dictionary(grouping: saga.definition.events, by: \.type)
    for event in saga.events {
      guard let all = rules[event.type] else { continue }
      let texts = all.map { "{\(Self.parts(of: $0, event.step).joined(separator: ", "))}" }
      let text = texts.count == 1 ? texts[0] : "[\(texts.joined(separator: ", "))]"
      add(5, "\(YamlText.scalar(event.type)): \(text)  # \(event.count) seen")
    }
    let silent = saga.events.filter { rules[$0.type] == nil }.map { "\($0.type) (\($0.count))" }
    if !silent.isEmpty {
      add(5, "# They belong to it and change nothing: \(YamlText.comment(silent.joined(separator: ", ")))")
    }
  }

  private static func parts(of rule: EventRule, _ carrier: FieldSource?) -> [String] {
    let conditions = rule.conditions.map { condition in
      "\(YamlText.quoted(FieldSourceText.text(condition.source))): \(YamlText.list(condition.values))"
    }
    var parts = conditions.isEmpty ? [] : ["when: {\(conditions.joined(separator: ", "))}"]
    if rule.startsSaga { parts.append("starts: true") }
    for transition in EventRule.Transition.allCases {
      let steps = rule.effects.filter { $0.transition == transition }.flatMap { effect in
        switch effect.step {
        case .named(let name): [YamlText.scalar(name)]
        case .carried: carrier.map { [YamlText.quoted("{\(FieldSourceText.text($0))}")] } ?? []
        }
      }
      if steps.count == 1 { parts.append("\(transition.rawValue): \(steps[0])") }
      if steps.count > 1 { parts.append("\(transition.rawValue): [\(steps.joined(separator: ", "))]") }
    }
    if rule.startsCompensation { parts.append("startsCompensation: true") }
    if let ends = rule.ends { parts.append("ends: \(ends.name)") }
    return parts
  }
}
