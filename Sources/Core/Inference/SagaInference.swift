/// Makes a definition out of the flows of one kind of saga.
struct SagaInference {
  let kind: IdentityFinder.Kind
  let samples: TypedSamples
  let flows: [Flow]
  let statistics: FlowStatistics
  let carried: CarriedSteps
  /// Event types in the order in which flows come to them.
  let ordered: [Int]

  init(_ kind: IdentityFinder.Kind, in samples: TypedSamples) {
    self.kind = kind
    self.samples = samples
    flows = Flow.all(of: kind, in: samples)
    statistics = FlowStatistics(flows, in: samples)
    carried = CarriedSteps(kind.types, in: samples)
    ordered = statistics.ordered
  }

  /// Few flows, flows of one event each, or flows that never end, are no sagas.
  var isSaga: Bool { flows.count { $0.events.count > 1 } > 2 && definition.events.contains { $0.ends == .completed } }

  var definition: SagaDefinition {
    let rules = carriers.isEmpty ? ChoreographyRules(self).rules : OrchestrationRules(self).rules
    let failing = Set(ordered.filter { name($0).meaning == .fails || name($0).meaning == .compensationFails })
    let fields = Set(samples.events.filter { failing.contains($0.type) }.flatMap { $0.cells.map(\.field) })
    return SagaDefinition(
      type: type, coordination: carriers.isEmpty ? .choreography : .orchestration,
      identities: kind.identities.map { identity in
        .init(name: identity.name, sources: identity.fields.map { samples.set.fields[$0] })
      },
      steps: rules.steps, events: rules.events, stepSources: stepSources,
      errorSources: CommonFields(samples.set).error(among: fields))
  }

  /// In the order in which the rules name them.
  private var stepSources: [FieldSource] {
    var sources: [FieldSource] = []
    for source in ordered.compactMap({ carried.source(of: $0) }) where !sources.contains(source) {
      sources.append(source)
    }
    return sources
  }

  /// What is found of a type holds for each way in which its name is written.
  func rules(_ rule: (Int) -> EventRule?) -> [EventRule] {
    ordered.flatMap { type -> [EventRule] in
      guard let rule = rule(type) else { return [] }
      return samples.types[type].written.map { name in
        var named = rule
        named.type = name
        return named
      }
    }
  }

  func name(_ type: Int) -> EventName { samples.types[type].name }

  var hasCompensation: Bool { ordered.contains { name($0).meaning == .compensates } }

  /// What an event of the saga and not of a step does.
  func addEffectOnTheWhole(of type: Int, to rule: inout EventRule) {
    switch name(type).meaning {
    case .begins: rule.startsSaga = true
    // "WorkflowCreated" is its beginning, not its end.
    case .completes where statistics.begins(type): rule.startsSaga = true
    case .completes: rule.ends = .completed
    case .compensates: rule.ends = .compensated
    case .compensationFails: rule.ends = .failed
    case .fails: if hasCompensation { rule.startsCompensation = true } else { rule.ends = .failed }
    }
  }

  /// Event types that carry a step's name.
  var carriers: Set<Int> {
    guard !carried.isEmpty else { return [] }
    return Set(samples.events.filter { kind.types.contains($0.type) && carried.step(of: $0) != nil }.map(\.type))
  }

  /// The order of "orderId"; where the messages name the kind of saga, that.
  private var type: String {
    let named = ["sagatype", "workflowtype", "processtype"]
    var found: Set<Int> = []
    for event in samples.events where kind.types.contains(event.type) {
      for cell in event.cells where named.contains(FieldName.normalized(samples.set.fields[cell.field])) {
        found.insert(cell.value)
      }
    }
    if found.count == 1, let only = found.first { return samples.set.values[only] }
    let name = kind.identities[0].name
    let words = name.split { $0 == "_" || $0 == "-" }
    let stem =
      words.count > 1
      ? words.dropLast().joined(separator: "-")
      : String(name.prefix { _ in true }.dropLast(name.lowercased().hasSuffix("id") ? 2 : 0))
    return ["", "correlation", "key"].contains(stem.lowercased()) ? "flow" : stem
  }
}
