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
    steps = saga.flow.map { StepDefinition(name: $0) }
    for type in saga.ordered { addStep(of: type) }
    for place in steps.indices.dropFirst() where place < saga.flow.count {
      steps[place].topic = input(of: steps[place - 1].name)
    }
  }

  /// The step of those that somebody has named which the type is about.
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

  /// Where the step before is told to be done, if that is one topic.
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
      // Who names the steps says which is the last.
      if let step, step == saga.flow.last, !saga.ends.joint.contains(type), !rule.startsSaga { rule.ends = .completed }
    case .fails where saga.comesAfterCompletion(type):
      if let step { rule.effects = [.init(name.isTimeout ? .timesOut : .fails, .named(step))] }
    case .fails:
      effect(.fails, step, &rule)
      if ends { rule.ends = isOfOneNoun || saga.isUndone(type) ? .compensated : .failed }
    case .compensates:
      if isOfOneNoun { rule.startsCompensation = true } else { effect(.compensates, step, &rule) }
      // What was begun with is undone last, even where its event overtakes another's.
      if ends || (step != nil && step == steps.first?.name) { rule.ends = .compensated }
    case .compensating: rule.startsCompensation = true
    case .compensationFails:
      effect(.compensationFails, step, &rule)
      // Nothing goes on by itself where an undoing has failed.
      if ends { rule.ends = .failed }
    case .tells, .halts, nil: break
    }
    return rule
  }

  /// What could not be handled fails the step that it was to begin. It ends the saga, until that step is done after all.
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

  /// Of few sagas the words tell more than the order, which a clock that is wrong may have changed.
  private func isEnd(_ type: Int) -> Bool { saga.ends.statuses[type] == .completed }

  /// Its own, else the one that it speaks of: "StockReservationFailed" of "stock".
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

  /// "SagaStarted" where flows begin, "SagaCompleted" where they end.
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
