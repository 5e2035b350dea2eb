/// Builds a definition from the flows of one kind of saga.
struct SagaInference {
  let kind: IdentityFinder.Kind
  let samples: TypedSamples
  let flows: [Flow]
  let statistics: FlowStatistics
  let carried: CarriedSteps
  /// Event types by their average position in flows.
  let ordered: [Int]
  let ends: FlowEnds
  let evidence: SagaEvidence
  /// The configured steps in order.
  let flow: [String]
  /// The fields of the ids are configured.
  let isHinted: Bool

  init(_ kind: IdentityFinder.Kind, in samples: TypedSamples, hints: InferenceHints = InferenceHints()) {
    self.kind = kind
    (flow, isHinted) = (hints.flow, !hints.ids.isEmpty)
    var samples = samples
    for (type, meaning) in Self.undoings(kind, samples) { samples.show(meaning, of: type) }
    flows = Flow.all(of: kind, in: samples)
    statistics = FlowStatistics(flows, in: samples)
    for type in Self.ordinary(flows, statistics, samples) { samples.show(.tells, of: type) }
    for type in Self.returning(flows, statistics, samples) { samples.show(.halts, of: type) }
    self.samples = samples
    ends = FlowEnds(flows, statistics, in: samples, of: kind)
    carried = CarriedSteps(kind.types, in: samples)
    evidence = SagaEvidence(kind, flows, carried, in: samples)
    ordered = statistics.ordered
  }

  /// If the saga itself is a compensation, such as a refund with a "refundId", "RefundPaid" is its successful end.
  private static func undoings(_ kind: IdentityFinder.Kind, _ samples: TypedSamples) -> [(Int, EventName.Meaning)] {
    let words = Set(kind.identities.flatMap { NameWords.split($0.name) }).filter {
      Vocabulary.standard[$0]?.kind == .undone || $0 == "return"
    }
    guard !words.isEmpty else { return [] }
    return kind.types.sorted().compactMap { type in
      let name = samples.types[type].name
      let rest = name.words.filter { !words.contains($0) }
      guard rest.count < name.words.count else { return name.meaning == .compensates ? (type, .completes) : nil }
      guard !rest.isEmpty else { return nil }
      return EventName(rest.joined(separator: "-")).meaning.map { (type, $0) }
    }
  }

  /// Compensation types that occur in most successful flows: they only release what the saga held.
  private static func ordinary(_ flows: [Flow], _ statistics: FlowStatistics, _ samples: TypedSamples) -> [Int] {
    let settled = zip(flows, statistics.settled).filter(\.1).map { flow, _ in
      Set(flow.events.map { samples.events[$0].type })
    }
    let well = settled.filter { flow in
      flow.contains { samples.types[$0].meaning == .completes && samples.types[$0].name.finality == .final }
        && !flow.contains { samples.types[$0].meaning == .fails }
    }
    return samples.types.indices.filter { type in
      guard samples.types[type].meaning == .compensates else { return false }
      let (having, ending) = (settled.count { $0.contains(type) }, well.count { $0.contains(type) })
      return having >= 3 && 10 * ending >= 6 * well.count && 2 * ending > having
    }
  }

  /// Compensation types in most flows without a failure, while failed flows lack them. They compensate nothing, and the outcome of such a
  /// flow is unknown.
  private static func returning(_ flows: [Flow], _ statistics: FlowStatistics, _ samples: TypedSamples) -> [Int] {
    let settled = zip(flows, statistics.settled).filter(\.1).map { flow, _ in
      Set(flow.events.map { samples.events[$0].type })
    }
    let fails = { (flow: Set<Int>) in flow.contains { samples.types[$0].meaning == .fails } }
    guard settled.contains(where: fails) else { return [] }
    return samples.types.indices.filter { type in
      guard samples.types[type].meaning == .compensates, samples.types[type].name.isReturn else { return false }
      let having = settled.filter { $0.contains(type) }
      return having.count >= 3 && 2 * having.count > settled.count && !having.contains(where: fails)
    }
  }

  /// Flows without evidence of a saga, too few flows, flows of one event, or flows without an end are not sagas. If the end is unknown, the
  /// ids must have a saga's usual name or be in every message. With configured fields of ids, one flow is enough.
  var isSaga: Bool {
    if isHinted { return !flows.isEmpty }
    guard evidence.isProven, !CallShape(kind, flows, samples).isCall else { return false }
    if kind.isFew {
      return flows.contains { flow in Set(flow.events.map { samples.events[$0].type }).count > 1 }
        && 2 * ordered.count { meaning($0) != nil } > ordered.count
    }
    guard flows.count(where: { $0.events.count > 1 }) > 2 else { return false }
    if definition.events.contains(where: { $0.ends == .completed }) { return true }
    let events = samples.events.count { kind.types.contains($0.type) }
    let isTied = kind.identities.contains {
      $0.isOfSaga || 10 * $0.count >= 9 * ($0.isNamed && $0.isOfThing(samples) ? events : samples.events.count)
    }
    let fails = definition.events.contains { $0.effects.contains { $0.transition == .fails } }
    return isTied
      && (fails || !ends.statuses.isEmpty || !ends.joint.isEmpty || definition.events.contains { $0.ends != nil })
  }

  var definition: SagaDefinition {
    let rules = carriers.isEmpty ? ChoreographyRules(self).rules : OrchestrationRules(self).rules
    let failing = Set(ordered.filter { meaning($0) == .fails || meaning($0) == .compensationFails })
    let fields = Set(samples.events.filter { failing.contains($0.type) }.flatMap { $0.cells.map(\.field) })
    var definition = SagaDefinition(
      type: type, coordination: carriers.isEmpty ? .choreography : .orchestration,
      identities: identities.map { identity in
        .init(
          name: identity.name, sources: identity.fields.map { samples.set.fields[$0] },
          ignored: identity.ignored.map { samples.set.values[$0] }.sorted())
      },
      steps: rules.steps, events: rules.events, stepSources: stepSources,
      errorSources: CommonFields(samples.set).error(among: fields))
    // Steps in any order are done together; for other sagas, only a known end shows that nothing follows the last step.
    definition.isCompletedBySteps =
      !ends.joint.isEmpty || definition.events.contains { $0.ends == .completed || $0.ends == .ended }
    return definition
  }

  /// The ids, and the composed id for events without one.
  var identities: [IdentityCandidate] { kind.identities + (kind.composed.map { [$0] } ?? []) }

  /// In the order of the rules.
  private var stepSources: [FieldSource] {
    var sources: [FieldSource] = []
    for source in ordered.compactMap({ carried.source(of: $0) }) where !sources.contains(source) {
      sources.append(source)
    }
    return sources
  }

  /// Applies the rule of a type to every spelling of its name.
  func rules(_ rule: (Int) -> EventRule?) -> [EventRule] {
    withDeadLetters.flatMap { type -> [EventRule] in
      guard let rule = rule(type) else { return [] }
      let found = samples.types[type]
      return found.written.flatMap { name in
        var named = rule
        named.type = name
        if found.isDeadLetter { named.conditions = [.init(.topic, found.topics.sorted())] }
        return found.failing.map { split(named, by: $0) } ?? [named]
      }
    }
  }

  /// The types in order, each preceded by its dead letters: their rules have the same type and a condition on the topic, so they must come
  /// first.
  private var withDeadLetters: [Int] {
    let letters = ordered.filter { samples.types[$0].isDeadLetter }
    guard !letters.isEmpty else { return ordered }
    let owned = { (letter: Int) in ordered.first { self.name(letter).isDeadLetter(of: self.name($0)) } }
    return ordered.flatMap { type in
      samples.types[type].isDeadLetter
        ? (owned(type) == nil ? [type] : []) : letters.filter { owned($0) == type } + [type]
    }
  }

  /// At least half of the settled sagas that contain the type have it last.
  func rests(_ type: Int) -> Bool {
    guard let seen = statistics.types[type], !comesAfterCompletion(type) else { return false }
    return seen.settled > 0 ? 2 * seen.last >= seen.settled : statistics.ends(type)
  }

  /// Splits the rule by error: first failures for messages with an error member or a value that means failure, then the original rule for
  /// harmless values, then a failure for all other values.
  private func split(_ rule: EventRule, by failing: OutcomeEvidence.Failing) -> [EventRule] {
    let failed = failure(of: rule)
    let (reporting, absent) = (
      failing.members.filter { !$0.bad.isEmpty || $0.fine.isEmpty },
      failing.members.filter { $0.bad.isEmpty && !$0.fine.isEmpty }
    )
    var rules = reporting.map { member in
      var failed = failed
      failed.conditions = [.init(member.source, member.bad.isEmpty ? ["*"] : member.bad)]
      return failed
    }
    var fine = rule
    fine.conditions = absent.map { .init($0.source, $0.fine + [""]) }
    rules.append(fine)
    return fine.conditions.isEmpty ? rules : rules + [failed]
  }

  private func failure(of rule: EventRule) -> EventRule {
    var failed = rule
    failed.effects = rule.effects.map { $0.transition == .completes ? .init(.fails, $0.step) : $0 }
    failed.ends = rule.ends.map { $0 == .completed || $0 == .ended ? .failed : $0 }
    if failed.effects == rule.effects, failed.ends == nil { failed.startsCompensation = true }
    if rule.startsSaga, failed.effects.isEmpty { failed.ends = .failed }
    return failed
  }

  func name(_ type: Int) -> EventName { samples.types[type].name }

  func meaning(_ type: Int) -> EventName.Meaning? { samples.types[type].meaning }

  var hasCompensation: Bool { ordered.contains { meaning($0) == .compensates || meaning($0) == .compensating } }

  /// Some saga that contains it is compensated.
  func isUndone(_ type: Int) -> Bool {
    flows.contains { flow in
      let types = flow.events.map { samples.events[$0].type }
      return types.contains(type) && types.contains { meaning($0) == .compensates || meaning($0) == .compensating }
    }
  }

  /// Adds the effect of an event that is about the saga, not about a step.
  func addEffectOnTheWhole(of type: Int, to rule: inout EventRule) {
    let name = name(type)
    if name.isRestart { return rule.startsSaga = true }
    switch meaning(type) {
    case .begins where name.isCommand && ends.statuses[type] != nil: rule.ends = ends.statuses[type]?.status
    case .begins: rule.startsSaga = !name.noun.isEmpty || statistics.begins(type)
    // "WorkflowCreated" is the beginning, not the end.
    case .completes where statistics.begins(type): rule.startsSaga = true
    // A verb alone, such as "Success" or "closed", ends the saga only if the flows confirm it.
    case .completes where name.finality == .final:
      rule.ends = name.noun.isEmpty && ends.statuses[type] == .ended ? .ended : .completed
    case .completes, .halts, nil: rule.ends = ends.statuses[type]?.status
    case .compensates: rule.ends = .compensated
    case .compensating: rule.startsCompensation = true
    case .compensationFails: rule.ends = .failed
    case .fails where !hasCompensation: rule.ends = .failed
    case .fails: if statistics.ends(type) { rule.ends = .compensated } else { rule.startsCompensation = true }
    case .tells: break
    }
  }

  /// At least 20% of the flows that contain the type completed before it, so it cannot change their outcome.
  func comesAfterCompletion(_ type: Int) -> Bool {
    var (having, late) = (0, 0)
    for flow in flows {
      let types = flow.events.map { samples.events[$0].type }
      guard let place = types.firstIndex(of: type) else { continue }
      having += 1
      if types[..<place].contains(where: { ends.statuses[$0] == .completed }) { late += 1 }
    }
    return late > 0 && 5 * late >= having
  }

  /// Event types that carry a step's name.
  var carriers: Set<Int> {
    guard !carried.isEmpty else { return [] }
    return Set(samples.events.filter { kind.types.contains($0.type) && carried.step(of: $0) != nil }.map(\.type))
  }

  /// "order" for "orderId"; the kind of saga named in the messages has precedence.
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
    return ["", "correlation", "key", "saga", "long-running"].contains(stem.lowercased()) ? "flow" : stem
  }
}
