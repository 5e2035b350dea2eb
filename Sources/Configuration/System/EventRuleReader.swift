import Core
import Text

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

  private static let mostEvents = 65_534

  private let steps: [String]
  private let reading: ParseContext
  /// Where the rules read so far find step names in a message, in order of preference.
  private(set) var stepSources: [FieldSource] = []
  /// The steps that they name where no names are given, in the order of the rules.
  private(set) var namedSteps: [String] = []

  /// `steps` are the names that rules may use; any name when empty.
  init(steps: [String], reading: ParseContext) {
    self.steps = steps
    self.reading = reading
  }

  mutating func read(_ node: YamlNode) -> [EventRule] {
    var reader = MappingReader(node, "`events`", reading)
    let members = reader.takeAll()
    if members.count > Self.mostEvents {
      reading.add(node.mark, "`events`: expected at most \(Self.mostEvents), found \(members.count)")
    }
    var rules: [EventRule] = []
    for member in members.prefix(Self.mostEvents) { rules.append(rule(member.name, member.value)) }
    return rules
  }

  private mutating func rule(_ type: String, _ node: YamlNode) -> EventRule {
    var reader = MappingReader(node, "the event `\(type)`", reading)
    defer { reader.finish() }
    var rule = EventRule(type: type)
    var seen: Set<String> = []
    rule.startsSaga = reader.bool("starts") ?? false
    for transition in EventRule.Transition.allCases {
      for (text, mark) in reader.texts(transition.rawValue) {
        if !seen.insert(text).inserted { reading.add(mark, "the event `\(type)` names the step `\(text)` twice") }
        rule.effects.append(.init(transition, step(text, mark)))
      }
    }
    rule.startsCompensation = reader.bool("startsCompensation") ?? false
    rule.ends = reader.oneOf("ends", End.self)?.status
    return rule
  }

  /// `{stepName}` is the step whose name the message carries there.
  private mutating func step(_ text: String, _ mark: YamlNode.Mark) -> EventRule.StepReference {
    if text.hasPrefix("{"), text.hasSuffix("}") {
      carry(String(text.dropFirst().dropLast()), mark)
      return .carried
    }
    if steps.isEmpty { name(text, mark) }
    if !steps.isEmpty, !steps.contains(text) {
      reading.add(mark, "`\(text)` is none of the saga's steps\(NearestWord.hint(text, among: steps))")
    }
    return .named(text)
  }

  private mutating func name(_ step: String, _ mark: YamlNode.Mark) {
    guard namedSteps.count <= SagaReader.mostSteps, !namedSteps.contains(step) else { return }
    namedSteps.append(step)
    if namedSteps.count > SagaReader.mostSteps {
      reading.add(mark, "expected at most \(SagaReader.mostSteps) steps, found another: `\(step)`")
    }
  }

  private mutating func carry(_ text: String, _ mark: YamlNode.Mark) {
    guard let source = FieldSourceText.parse(text) else {
      return reading.add(mark, "expected a field such as \"{stepName}\" or \"{header:step}\", found `{\(text)}`")
    }
    if !stepSources.contains(source) { stepSources.append(source) }
  }
}
