import Core
import Text

/// Reads the rules for each event type.
struct EventRuleReader {
  private enum End: String, CaseIterable {
    case completed
    case compensated
    case failed
    case declined
    case ended

    var status: SagaStatus {
      switch self {
      case .completed: .completed
      case .compensated: .compensated
      case .failed: .failed
      case .declined: .declined
      case .ended: .ended
      }
    }
  }

  /// Classifies an end with a custom word.
  private enum EndKind: String, CaseIterable {
    case good
    case undone
    case bad
    case neutral

    var status: SagaStatus {
      switch self {
      case .good: .completed
      case .undone: .compensated
      case .bad: .failed
      case .neutral: .declined
      }
    }
  }

  private static let mostRules = 65_534

  private let steps: [StepDefinition]
  private let reading: ParseContext
  /// Sources of step names in messages, collected from the rules read so far, in order of preference.
  private(set) var stepSources: [FieldSource]
  /// Step names used by the rules, in their order. Collected only if no steps are given.
  private(set) var namedSteps: [String] = []

  /// `steps` are the allowed steps; empty allows any name. `stepSources` are the sources of rules that were read elsewhere.
  init(steps: [StepDefinition], stepSources: [FieldSource] = [], reading: ParseContext) {
    self.steps = steps
    self.stepSources = stepSources
    self.reading = reading
  }

  /// By type, in the order of the file. A type without a value has no rules.
  mutating func read(_ node: YamlNode) -> [(type: String, rules: [EventRule])] {
    var reader = MappingReader(node, "`events`", reading)
    var all: [(type: String, rules: [EventRule])] = []
    var count = 0
    for member in reader.takeAll() {
      check(member.name, member.key.mark)
      let rules = rules(member.name, member.value)
      count += rules.count
      if count <= Self.mostRules { all.append((member.name, rules)) }
    }
    if count > Self.mostRules {
      reading.add(node.mark, "`events`: expected at most \(Self.mostRules) rules, found \(count)")
    }
    return all
  }

  private func check(_ type: String, _ mark: YamlNode.Mark) {
    if type.contains("{") {
      reading.add(
        mark,
        "`\(type)` is an event's name and no template: `fields: {type: \"{topic} {status}\"}` says what names are made of"
      )
    }
  }

  /// One rule, or a list in which the first matching rule is used.
  private mutating func rules(_ type: String, _ node: YamlNode) -> [EventRule] {
    switch node.content {
    case .null: return []
    case .sequence(let items):
      if items.isEmpty {
        reading.add(node.mark, "the event `\(type)`: expected at least one rule, found an empty list")
      }
      var rules: [EventRule] = []
      for (index, item) in items.enumerated() {
        if index > 0, !Self.hasConditions(items[index - 1]) {
          reading.add(item.mark, "the event `\(type)`: this rule is never reached, for the one before it has no `when`")
        }
        rules.append(rule(type, item))
      }
      return rules
    default: return [rule(type, node)]
    }
  }

  private static func hasConditions(_ node: YamlNode) -> Bool {
    guard case .mapping(let members) = node.content else { return true }
    return members.contains { $0.key.scalar == "when" }
  }

  private mutating func rule(_ type: String, _ node: YamlNode) -> EventRule {
    var reader = MappingReader(node, "the event `\(type)`", reading)
    defer { reader.finish() }
    var rule = EventRule(type: type, conditions: reader.take("when").map(conditions) ?? [])
    var seen: Set<String> = []
    rule.startsSaga = reader.bool("starts") ?? false
    for transition in EventRule.Transition.allCases {
      for (text, mark) in reader.texts(transition.rawValue) {
        if transition == .fails { doubtTimeOut(type, text, mark) }
        let step = step(text, mark)
        let name = if case .named(let name) = step { name } else { text }
        if !seen.insert(name).inserted { reading.add(mark, "the event `\(type)` names the step `\(name)` twice") }
        rule.effects.append(.init(transition, step))
      }
    }
    rule.startsCompensation = reader.bool("startsCompensation") ?? false
    readEnd(&reader, into: &rule)
    return rule
  }

  /// Warns about scheduled timeouts: they are also published if the step was done in time.
  private func doubtTimeOut(_ type: String, _ step: String, _ mark: YamlNode.Mark) {
    let letters = type.lowercased().filter(\.isLetter)
    guard letters.hasSuffix("timeout") || letters.hasSuffix("timedout") else { return }
    reading.warn(
      mark,
      "`\(type)` flags a saga whose step was done before; a time-out that comes in any case is written `timesOut: \(step)`"
    )
  }

  /// A status, or a custom word with the kind of its end: `{refused: neutral}`.
  private func readEnd(_ reader: inout MappingReader, into rule: inout EventRule) {
    guard let node = reader.take("ends") else { return }
    guard case .mapping(let members) = node.content else {
      let words = End.allCases.map(\.rawValue)
      guard let text = reading.word(node, "ends") else { return }
      guard let end = End(rawValue: text) else {
        let hint = NearestWord.to(text, among: words).map { "; did you mean `\($0)`?" } ?? ""
        return reading.add(
          node.mark,
          "`ends`: expected one of \(words.joined(separator: ", ")) or a word with its kind, such as "
            + "{refused: neutral}, found `\(text)`\(hint)")
      }
      return rule.ends = end.status
    }
    guard members.count == 1 else {
      return reading.add(node.mark, "`ends`: expected one word with its kind, found \(members.count)")
    }
    var word = MappingReader(node, "`ends`", reading)
    let name = members[0].key.scalar ?? ""
    rule.ends = word.oneOf(name, EndKind.self)?.status
    rule.ending = reading.name(members[0].key, "ends", isOwn: true)
  }

  /// A mapping from a source to a value or a list of values.
  private func conditions(_ node: YamlNode) -> [EventRule.Condition] {
    var reader = MappingReader(node, "`when`", reading)
    let members = reader.takeAll()
    if members.isEmpty, case .mapping = node.content {
      reading.add(node.mark, "`when`: expected at least one, such as {status: FAILED}")
    }
    return members.compactMap { member in
      reading.source(member.name, member.key.mark, "when").map { .init($0, values(member.value)) }
    }
  }

  /// `null` or an empty text matches a message without a value.
  private func values(_ node: YamlNode) -> [String] {
    if case .null = node.content { return [""] }
    guard case .sequence(let items) = node.content else { return reading.text(node, "when").map { [$0] } ?? [] }
    if items.isEmpty { reading.add(node.mark, "`when`: expected at least one value, found an empty list") }
    return items.flatMap(values)
  }

  /// `{stepName}` refers to the step that the message names there.
  private mutating func step(_ text: String, _ mark: YamlNode.Mark) -> EventRule.StepReference {
    if text.contains("{") || text.contains("}") {
      carry(text, mark)
      return .carried
    }
    if steps.isEmpty { name(text, mark) }
    let known = steps.map(\.name)
    if steps.isEmpty || known.contains(text) { return .named(text) }
    if let step = steps.first(where: { $0.aliases.contains(text) }) { return .named(step.name) }
    reading.add(
      mark, "`\(text)` is none of the saga's steps\(NearestWord.hint(text, among: known + steps.flatMap(\.aliases)))")
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
    guard let source = reading.source(text, mark, "step"), !stepSources.contains(source) else {
      return
    }
    stepSources.append(source)
  }
}
