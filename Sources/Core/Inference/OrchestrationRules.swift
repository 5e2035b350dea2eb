/// Infers rules from a coordinator's events that carry step names: "SagaStepCompleted" with a step, "SagaStarted" and "SagaCompleted" for
/// the saga.
struct OrchestrationRules {
  private let saga: SagaInference

  init(_ saga: SagaInference) {
    self.saga = saga
  }

  var rules: InferredRules {
    InferredRules(steps: steps.map { StepDefinition(name: $0) }, events: saga.rules { rule($0) })
  }

  /// In the order of their average position in flows. A name that occurs only in compensations is not a step.
  private var steps: [String] {
    var places: [String: (sum: Int, count: Int)] = [:]
    for flow in saga.flows {
      var seen: [String] = []
      for event in flow.events.map({ saga.samples.events[$0] }) {
        guard let step = saga.carried.step(of: event), !seen.contains(step) else { continue }
        let meaning = saga.meaning(event.type)
        guard meaning == .completes || meaning == .begins || meaning == .fails else { continue }
        places[step, default: (0, 0)].sum += seen.count
        places[step]?.count += 1
        seen.append(step)
      }
    }
    let means = places.mapValues { Double($0.sum) / Double($0.count) }
    return means.sorted { ($0.value, $0.key) < ($1.value, $1.key) }.map(\.key)
  }

  private func rule(_ type: Int) -> EventRule? {
    let name = saga.name(type)
    let isCarrier = saga.carriers.contains(type)
    guard isCarrier || name.isOfTheWhole else { return besideRule(type) }
    var rule = EventRule(type: "")
    let transition = Self.transition(saga.meaning(type))
    if isCarrier, let transition { rule.effects = [.init(transition, .carried)] }
    // An event with a step name belongs to that step, regardless of its noun: "PaymentFailed" as well as "SagaStepFailed".
    guard name.isOfTheWhole else {
      if saga.meaning(type) == .fails { rule.startsCompensation = saga.hasCompensation }
      if saga.meaning(type) == .compensationFails { rule.ends = .failed }
      return rule
    }
    saga.addEffectOnTheWhole(of: type, to: &rule)
    return rule
  }

  /// If the coordinator reports no end, other events of the flow do: failures and compensations, and types that never occur in a flow that
  /// the coordinator completes.
  private func besideRule(_ type: Int) -> EventRule? {
    if saga.name(type).isDeadLetter {
      guard saga.rests(type) else { return nil }
      var rule = EventRule(type: "")
      rule.ends = .failed
      return rule
    }
    if let rule = wholeRule(type) { return rule }
    guard [.fails, .compensates].contains(saga.meaning(type)) else { return nil }
    let whole = saga.flows.filter { flow in flow.events.contains { saga.samples.events[$0].type == type } }
    let isBesideGood = whole.contains { flow in
      flow.events.contains { event in
        let other = saga.samples.events[event].type
        return saga.name(other).isOfTheWhole && saga.meaning(other) == .completes && !saga.statistics.begins(other)
      }
    }
    guard !isBesideGood else { return nil }
    var rule = EventRule(type: "")
    if saga.meaning(type) == .fails { rule.startsCompensation = true } else { rule.ends = .compensated }
    return rule
  }

  /// "RoutingSlipCompleted" and "batch-job STARTED" are about the whole saga: their names do not show it, but flows end or begin with them.
  private func wholeRule(_ type: Int) -> EventRule? {
    var rule = EventRule(type: "")
    let name = saga.name(type)
    if saga.meaning(type) == .completes, name.finality == .final, saga.ends.statuses[type] == .completed {
      rule.ends = .completed
    } else if saga.meaning(type) == .begins, saga.statistics.begins(type), !name.isCommand {
      rule.startsSaga = true
    } else {
      return nil
    }
    return rule
  }

  private static func transition(_ meaning: EventName.Meaning?) -> EventRule.Transition? {
    switch meaning {
    case .begins: .begins
    case .completes: .completes
    case .fails: .fails
    case .compensates: .compensates
    case .compensationFails: .compensationFails
    case .compensating, .tells, .halts, nil: nil
    }
  }
}
