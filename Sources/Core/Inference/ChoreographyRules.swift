/// Services' events name the steps themselves: the noun is the step, the verb what became of it.
struct ChoreographyRules {
  private let saga: SagaInference
  /// Per event type that completes or begins one.
  private var stepOfType: [Int: String] = [:]
  private var steps: [StepDefinition] = []
  private let isOfOneNoun: Bool

  init(_ saga: SagaInference) {
    self.saga = saga
    isOfOneNoun = Set(saga.ordered.map { saga.name($0) }.filter { !$0.isDeadLetter }.map(\.subject)).count == 1
    for type in saga.ordered { addStep(of: type) }
  }

  var rules: InferredRules { InferredRules(steps: steps, events: saga.rules { rule($0) }) }

  private mutating func addStep(of type: Int) {
    let name = saga.name(type)
    guard name.meaning == .completes || name.meaning == .begins, !name.verb.isEmpty, !isOfTheWhole(type) else { return }
    var step = name.noun.isEmpty ? name.verb : name.noun
    let isTaken = stepOfType.contains { $0.value == step && saga.name($0.key).meaning == .completes }
    if isTaken, name.meaning == .completes {
      guard !saga.statistics.ends(type) else { return }
      step = "\(step)-\(name.verb)"
    }
    stepOfType[type] = step
    if !steps.contains(where: { $0.name == step }) { steps.append(StepDefinition(name: step, topic: input)) }
  }

  /// Where the step before is told to be done, if that is one topic.
  private var input: String? {
    guard let last = steps.last?.name else { return nil }
    let topics = saga.ordered.filter { stepOfType[$0] == last && saga.name($0).meaning == .completes }
      .reduce(into: Set<Int>()) { $0.formUnion(saga.statistics.types[$1]?.topics ?? []) }
    return topics.count == 1 ? topics.first.map { saga.samples.set.topics[$0] } : nil
  }

  private func rule(_ type: Int) -> EventRule {
    let name = saga.name(type)
    var rule = EventRule(type: "")
    guard !name.isDeadLetter else {
      if saga.statistics.ends(type) { rule.ends = .failed }
      return rule
    }
    guard !isOfTheWhole(type) else {
      saga.addEffectOnTheWhole(of: type, to: &rule)
      return rule
    }
    let isStart = saga.statistics.begins(type) && (name.meaning == .completes || name.meaning == .begins)
    rule.startsSaga = isStart
    let ends = saga.statistics.ends(type) && !isStart
    let step = stepOfType[type] ?? steps.first { $0.name == name.subject }?.name
    switch name.meaning {
    case .begins: effect(.begins, step, &rule)
    case .completes:
      effect(isStart && isOfOneNoun ? .begins : .completes, step, &rule)
      if ends { rule.ends = .completed }
    case .fails:
      effect(.fails, step, &rule)
      if ends { rule.ends = isOfOneNoun || saga.hasCompensation ? .compensated : .failed }
    case .compensates:
      if isOfOneNoun { rule.startsCompensation = true } else { effect(.compensates, step, &rule) }
      // What was begun with is undone last, even where its event overtakes another's.
      if ends || (step != nil && step == steps.first?.name) { rule.ends = .compensated }
    case .compensationFails:
      effect(.compensationFails, step, &rule)
      // Nothing goes on by itself where an undoing has failed.
      if ends { rule.ends = .failed }
    }
    return rule
  }

  /// "SagaStarted" where flows begin, "SagaCompleted" where they end.
  private func isOfTheWhole(_ type: Int) -> Bool {
    saga.name(type).isOfTheWhole && (saga.statistics.begins(type) || saga.statistics.ends(type))
  }

  private func effect(_ transition: EventRule.Transition, _ step: String?, _ rule: inout EventRule) {
    if let step {
      rule.effects = [.init(transition, .named(step))]
    } else if transition == .fails || transition == .compensates {
      rule.startsCompensation = true
    }
  }
}
