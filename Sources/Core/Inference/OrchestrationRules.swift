/// A coordinator's events carry the names of the steps: "SagaStepCompleted" with a step, "SagaStarted" and "SagaCompleted" for the whole.
struct OrchestrationRules {
  private let saga: SagaInference

  init(_ saga: SagaInference) {
    self.saga = saga
  }

  var rules: InferredRules {
    InferredRules(steps: steps.map { StepDefinition(name: $0) }, events: saga.rules { rule($0) })
  }

  /// In the order in which flows come to them; what is only undone is no step of its own.
  private var steps: [String] {
    var places: [String: (sum: Int, count: Int)] = [:]
    for flow in saga.flows {
      var seen: [String] = []
      for event in flow.events.map({ saga.samples.events[$0] }) {
        guard let step = saga.carried.step(of: event), !seen.contains(step) else { continue }
        let meaning = saga.name(event.type).meaning
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
    guard isCarrier || name.isOfTheWhole else { return nil }
    var rule = EventRule(type: "")
    if isCarrier { rule.effects = [.init(Self.transition(name.meaning), .carried)] }
    // What carries a step is of that step, whatever its own noun is: "PaymentFailed" as well as "SagaStepFailed".
    guard name.isOfTheWhole else {
      if name.meaning == .fails { rule.startsCompensation = saga.hasCompensation }
      if name.meaning == .compensationFails { rule.ends = .failed }
      return rule
    }
    saga.addEffectOnTheWhole(of: type, to: &rule)
    return rule
  }

  private static func transition(_ meaning: EventName.Meaning) -> EventRule.Transition {
    switch meaning {
    case .begins: .begins
    case .completes: .completes
    case .fails: .fails
    case .compensates: .compensates
    case .compensationFails: .compensationFails
    }
  }
}
