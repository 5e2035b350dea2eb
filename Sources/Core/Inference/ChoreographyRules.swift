/// Infers steps and rules from the names of the services' events: the noun is the step, the verb its outcome.
struct ChoreographyRules {
  private let saga: SagaInference
  /// Step per event type that completes or begins one.
  private var stepOfType: [Int: String] = [:]
  private var steps: [StepDefinition] = []
  private let isOfOneNoun: Bool

  init(_ saga: SagaInference) {
    self.saga = saga
    isOfOneNoun = Set(saga.ordered.map { saga.name($0) }.filter { !$0.isDeadLetter }.map(\.subject)).count == 1
    steps = saga.flow.map { StepDefinition(name: $0) }
    for type in saga.ordered { addStep(of: type) }
    for place in steps.indices.dropFirst() where place < saga.flow.count {
      steps[place].topic = input(of: steps[place - 1].name)
    }
  }

  /// The configured step that the event name mentions.
  private func named(_ name: EventName) -> String? {
    saga.flow.first { step in
      let words = NameWords.split(step)
      return !words.isEmpty && words.allSatisfy { word in name.words.contains { $0 == word || $0 == word + "s" } }
    }
  }

  var rules: InferredRules { InferredRules(steps: steps, events: saga.rules { rule($0) }) }

  private mutating func addStep(of type: Int) {
    let name = saga.name(type)
    let isDone = saga.meaning(type) == .completes
    guard isDone || saga.meaning(type) == .begins, !name.verb.isEmpty, !isOfTheWhole(type), !name.isRestart else {
      return
    }
    if !saga.flow.isEmpty {
      stepOfType[type] = named(name)
      return
    }
    var step = name.noun.isEmpty ? name.act : name.noun
    let isTaken = stepOfType.contains { $0.value == step && saga.meaning($0.key) == .completes }
    if isTaken, isDone {
      guard saga.ends.statuses[type] == nil else { return }
      step = name.words.joined(separator: "-")
    }
    stepOfType[type] = step
    if !steps.contains(where: { $0.name == step }) { steps.append(StepDefinition(name: step, topic: input)) }
  }

  /// Topic of the previous step's completion events; `nil` unless there is exactly one.
  private var input: String? { steps.last.flatMap { input(of: $0.name) } }

  private func input(of last: String) -> String? {
    let topics = saga.ordered.filter { stepOfType[$0] == last && saga.meaning($0) == .completes }
      .reduce(into: Set<Int>()) { $0.formUnion(saga.statistics.types[$1]?.topics ?? []) }
    return topics.count == 1 ? topics.first.map { saga.samples.set.topics[$0] } : nil
  }

  private func rule(_ type: Int) -> EventRule {
    let name = saga.name(type)
    var rule = EventRule(type: "")
    guard !name.isDeadLetter else { return deadLetterRule(type) }
    guard !isOfTheWhole(type) else {
      saga.addEffectOnTheWhole(of: type, to: &rule)
      return rule
    }
    let meaning = saga.meaning(type)
    rule.startsSaga =
      name.isRestart
      || (saga.statistics.begins(type) && !saga.samples.types[type].isBad && !(saga.kind.isFew && isEnd(type)))
    let ends = saga.statistics.ends(type) && !rule.startsSaga
    rule.ends = rule.startsSaga ? nil : saga.ends.statuses[type]?.status
    let step = step(of: type)
    switch meaning {
    case .begins: effect(.begins, step, &rule)
    case .completes:
      effect(rule.startsSaga && isOfOneNoun ? .begins : .completes, step, &rule)
      // With configured steps, the last one completes the saga.
      if let step, step == saga.flow.last, !saga.ends.joint.contains(type), !rule.startsSaga { rule.ends = .completed }
    case .fails where saga.comesAfterCompletion(type):
      if let step { rule.effects = [.init(name.isTimeout ? .timesOut : .fails, .named(step))] }
    case .fails:
      effect(.fails, step, &rule)
      if ends { rule.ends = isOfOneNoun || saga.isUndone(type) ? .compensated : .failed }
    case .compensates:
      if isOfOneNoun { rule.startsCompensation = true } else { effect(.compensates, step, &rule) }
      // The first step is compensated last, even if its event overtakes another one.
      if ends || (step != nil && step == steps.first?.name) { rule.ends = .compensated }
    case .compensating: rule.startsCompensation = true
    case .compensationFails:
      effect(.compensationFails, step, &rule)
      // After a failed compensation nothing continues automatically.
      if ends { rule.ends = .failed }
    case .tells, .halts, nil: break
    }
    return rule
  }

  /// A dead letter fails the step that its message should begin. It ends the saga until that step completes after all.
  private func deadLetterRule(_ type: Int) -> EventRule {
    var rule = EventRule(type: "")
    guard saga.rests(type) else { return rule }
    rule.ends = .failed
    let handled = stepOfType.first { saga.name(type).isDeadLetter(of: saga.name($0.key)) }?.value
    if let place = steps.firstIndex(where: { $0.name == handled }), place + 1 < steps.count {
      rule.effects = [.init(.fails, .named(steps[place + 1].name))]
    }
    return rule
  }

  /// With few sagas, names are more reliable than the order, which a wrong clock may change.
  private func isEnd(_ type: Int) -> Bool { saga.ends.statuses[type] == .completed }

  /// The type's own step, otherwise the step that its name mentions: "StockReservationFailed" belongs to "stock".
  private func step(of type: Int) -> String? {
    if let own = stepOfType[type] { return own }
    if !saga.flow.isEmpty { return named(saga.name(type)) }
    let subject = saga.name(type).subject
    if let same = steps.first(where: { $0.name == subject }) { return same.name }
    let words = Set(subject.split(separator: "-"))
    guard !words.isEmpty else { return nil }
    let related = steps.filter { step in
      let others = Set(step.name.split(separator: "-"))
      return words.isSubset(of: others) || others.isSubset(of: words)
    }
    return related.count == 1 ? related[0].name : nil
  }

  /// "SagaStarted" or "SagaCompleted": events of the whole saga.
  private func isOfTheWhole(_ type: Int) -> Bool {
    saga.name(type).isOfTheWhole && !saga.carriers.contains(type)
  }

  private func effect(_ transition: EventRule.Transition, _ step: String?, _ rule: inout EventRule) {
    if let step {
      rule.effects = [.init(transition, .named(step))]
    } else if transition == .fails || transition == .compensates {
      rule.startsCompensation = true
    }
  }
}
