/// Infers a system's sagas from messages alone: the field of the event type, the ids that identify a saga, its steps and their order, and
/// its failures, compensations and ends. Equal sets of messages give equal results.
package enum Inference {
  package static func system(of set: SampleSet, name: String, hints: InferenceHints = InferenceHints())
    -> InferredSystem
  {
    let all = set.inOrder()
    var set = all.without(topics: all.telemetryTopics)
    for id in hints.ids { set.derive(id) }
    let common = CommonFields(set)
    let types = types(of: set, common, hints)
    // A CloudEvent's own type field would have precedence over the topic.
    let isTopic = types.isEmpty && set.fields.contains { FieldName.normalized($0).hasSuffix("specversion") }
    var fields = EventFields(
      type: isTopic ? [.topic] : types.map(\.source), time: common.time(), node: common.node())
    fields.id = common.id(types: EventTypes(of: set, by: types, vocabulary: hints.vocabulary))
    var samples = TypedSamples(set, types: types, time: fields.time, vocabulary: hints.vocabulary)
    let finder = IdentityFinder(samples: samples, hints: hints.ids)
    func inferences(_ found: [IdentityFinder.Kind]) -> [SagaInference] {
      let made = hints.ids.isEmpty ? found.map { MadeIdentity($0, in: samples) } : []
      for source in made.flatMap(\.sources) { set.derive(source) }
      if made.contains(where: { !$0.sources.isEmpty }) {
        samples = TypedSamples(set, types: types, time: fields.time, vocabulary: hints.vocabulary)
      }
      let kinds =
        made.isEmpty ? found : MadeIdentity.whole(zip(found, made).map { $0.made(by: $1, in: samples) }, samples)
      return kinds.map { SagaInference($0, in: samples, hints: hints) }
    }
    var (kinds, unproven): ([SagaInference], [SagaInference]) = ([], [])
    // Without the ids of flows that are no sagas, such as a visitor's, other ids may be those of sagas.
    repeat {
      let found = inferences(finder.kinds(without: Set(unproven.flatMap(\.identities).map(\.name))))
      kinds = found.filter(\.isSaga)
      let new = hints.ids.isEmpty ? found.filter { !$0.evidence.isProven } : []
      unproven += new
      if new.isEmpty { break }
    } while unproven.count < mostUnproven
    if kinds.isEmpty { kinds = inferences(finder.few().map { [$0] } ?? []).filter(\.isSaga) }
    let sagas = kinds.map(saga)
    fields.envelope = envelopes(of: set, for: sagas.map(\.definition), fields)
    var counts: [Int: Int] = [:]
    for event in samples.events { counts[event.name, default: 0] += 1 }
    let owned = kinds.reduce(into: Set<String>()) { owned, kind in
      for type in kind.kind.types { owned.formUnion(samples.types[type].written) }
    }
    var system = InferredSystem(
      system: SystemDefinition(name: name, topics: ["*"], fields: fields, sagas: sagas.map(\.definition)), sagas: sagas,
      messages: all.count, unread: set.unread, skipped: set.skipped, topics: topics(of: all),
      others: counts.map { (samples.names[$0.key], $0.value) }.filter { !owned.contains($0.0) }.sorted {
        $0.type < $1.type
      })
    system.unproven = unproven.filter {
      !$0.kind.types.isSubset(of: kinds.reduce(into: []) { $0.formUnion($1.kind.types) })
    }
    .map { .init(id: $0.kind.identities[0].name, flows: $0.flows.count, evidence: $0.evidence.text) }
    system.unfound = (hints.ids + hints.type.flatMap(\.fields)).filter { $0 != .topic && !set.fields.contains($0) }
    if sagas.isEmpty { system.likelyIDs = IdentityCandidate.judged(samples).prefix(3).map(\.source) }
    return system
  }

  private static let mostUnproven = 20

  private static func types(of set: SampleSet, _ common: CommonFields, _ hints: InferenceHints) -> [TypeSource] {
    if !hints.type.isEmpty { return hints.type.map { TypeSource($0) } }
    let finder = TypeFinder(set: set, tallies: common.tallies, vocabulary: hints.vocabulary)
    return OutcomeFinder(set: set, vocabulary: hints.vocabulary).sources(of: finder.fields())
  }

  /// The JSON texts that contain a needed field.
  private static func envelopes(
    of set: SampleSet, for sagas: [SagaDefinition], _ fields: EventFields
  ) -> [FieldSource] {
    let ids = sagas.flatMap { $0.identities.flatMap(\.sources) + $0.stepSources + $0.errorSources }
    let paths = (fields.type + fields.time + fields.id + fields.node + ids).flatMap(\.fields).compactMap { source in
      if case .path(let names) = source { names } else { nil }
    }
    return set.envelopes.filter { envelope in paths.contains { $0.count > envelope.count && $0.starts(with: envelope) }
    }
    .sorted { $0.lexicographicallyPrecedes($1) }.map(FieldSource.path)
  }

  private static func topics(of set: SampleSet) -> [(name: String, count: Int)] {
    var counts: [Int: Int] = [:]
    for sample in set.samples { counts[sample.topic, default: 0] += 1 }
    return counts.map { (set.topics[$0.key], $0.value) }.sorted { $0.name < $1.name }
  }

  private static func saga(_ inference: SagaInference) -> InferredSystem.Saga {
    let samples = inference.samples
    let definition = inference.definition
    var counts: [String: Int] = [:]
    for flow in inference.flows {
      for event in flow.events { counts[samples.names[samples.events[event].name], default: 0] += 1 }
    }
    let durations = StepDurations(definition, inference)
    return InferredSystem.Saga(
      definition: definition, flows: inference.flows.count, settled: inference.statistics.settledFlows,
      identities: inference.identities.map {
        .init(name: $0.name, types: $0.types.count, values: $0.typesOfValue.count, joined: $0.joined)
      },
      steps: definition.steps.map { step in
        let histogram = durations.steps[step.name]
        return .init(name: step.name, p50: histogram?.quantile(0.5), p99: histogram?.quantile(0.99))
      },
      events: inference.ordered.filter { !samples.types[$0].isDeadLetter }.flatMap { type in
        samples.types[type].written.map { name in
          .init(
            type: name, count: counts[name] ?? 0, meaning: inference.meaning(type),
            step: inference.carried.source(of: type))
        }
      }, parts: inference.parts, isFew: inference.kind.isFew)
  }
}
