/// The duration of each step: from the completion of the previous step, or the saga's start, to its own completion.
struct StepDurations {
  private(set) var steps: [String: LogHistogram] = [:]

  init(_ definition: SagaDefinition, _ inference: SagaInference) {
    var rules: [String: EventRule] = [:]
    for rule in definition.events { rules[rule.type] = rule }
    for flow in inference.flows { add(flow, inference, rules) }
  }

  private mutating func add(_ flow: Flow, _ inference: SagaInference, _ rules: [String: EventRule]) {
    var before: Timestamp?
    var seen: Set<String> = []
    for event in flow.events.map({ inference.samples.events[$0] }) {
      guard let rule = rules[inference.samples.names[event.name]] else { continue }
      for effect in rule.effects where effect.transition == .completes {
        guard let step = name(effect.step, event, inference), seen.insert(step).inserted else { continue }
        if let before { steps[step, default: LogHistogram()].add(event.time - before) }
        before = event.time
      }
      if rule.startsSaga { before = event.time }
    }
  }

  private func name(
    _ step: EventRule.StepReference, _ event: TypedSamples.Event, _ inference: SagaInference
  ) -> String? {
    switch step {
    case .named(let name): name
    case .carried: inference.carried.step(of: event)
    }
  }
}
