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

  /// Few flows, or flows of one event each, tell of no saga.
  var isSaga: Bool { flows.count { $0.events.count > 1 } > 2 && !definition.events.isEmpty }

  var definition: SagaDefinition {
    let rules = carriers.isEmpty ? ChoreographyRules(self).rules : OrchestrationRules(self).rules
    let failing = Set(ordered.filter { name($0).meaning == .fails || name($0).meaning == .compensationFails })
    let fields = Set(samples.events.filter { failing.contains($0.type) }.flatMap { $0.cells.map(\.field) })
    return SagaDefinition(
      type: type, coordination: carriers.isEmpty ? .choreography : .orchestration,
      identities: kind.identities.map { identity in
        .init(name: identity.name, sources: identity.fields.map { samples.set.fields[$0] })
      },
      steps: rules.steps, events: rules.events, stepSources: carriers.isEmpty ? [] : carried.sources,
      errorSources: CommonFields(samples.set).error(among: fields))
  }

  func name(_ type: Int) -> EventName { EventName(samples.types[type]) }

  /// Event types that carry a step's name.
  var carriers: Set<Int> {
    guard !carried.sources.isEmpty else { return [] }
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
