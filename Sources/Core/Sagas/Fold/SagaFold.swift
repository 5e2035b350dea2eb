/// Derives the state of one saga from its events, given one after the other in their canonical order.
///
/// It is a workspace: one is reused for many sagas, so that folding allocates nothing once it is warm. Its state can be taken out
/// (`State`) and put back, so that a saga's next event is applied without all those before it.
struct SagaFold {
  struct State: Sendable {
    /// The last round, to which the next event belongs unless it starts another.
    var round = SagaRound()
    /// The rounds before it, oldest first.
    var earlier: [SagaRound] = []
    /// Older rounds that are not kept, so that a saga that goes on for ever does not grow for ever.
    var droppedRounds = 0
    /// Some of the saga's events are not kept: what was never seen may have been among them.
    var isCut = false
  }

  /// Earlier rounds of one saga that are kept.
  static let mostRounds = 20
  /// A start that is told after the end of a round without a start is that round's own when it lies so near, for clocks differ.
  private static let clockTolerance = Duration.seconds(300)

  let definition: CompiledDefinition
  var state = State()

  init(_ definition: CompiledDefinition) {
    self.definition = definition
  }

  var round: SagaRound {
    // Lent, not copied with all that it holds.
    _read { yield state.round }
    _modify { yield &state.round }
  }

  var steps: [StepState] { state.round.steps }
  var summary: SagaSummary { state.round.summary }

  /// Derives the state from all events.
  mutating func run(_ events: SagaEvents) {
    reset()
    apply(events, from: 0)
  }

  mutating func reset() {
    state.round.reset(to: definition.steps, number: 1)
    state.earlier.removeAll()
    state.droppedRounds = 0
  }

  /// Applies the events that the state does not know yet, and judges the outcome.
  mutating func apply(_ events: SagaEvents, from start: Int) {
    for place in start..<events.count { apply(events.records[place], events.details(of: events.records[place])) }
    state.isCut = events.isCut
    conclude()
  }

  private mutating func apply(_ event: EventRecord, _ details: EventDetails?) {
    let rule = event.rule == EventRecord.noRule ? nil : definition.rules[Int(event.rule)]
    if event.delivery == .event, rule?.startsSaga ?? false, startsRound(event) { beginRound() }
    note(event, details)
    switch event.delivery {
    case .parked: return park(event, rule, details)
    case .retried: return retry(event, rule, details)
    case .event: break
    }
    guard let rule else { return }
    for place in rule.effects {
      let effect = definition.effect(place)
      if let step = effect.step {
        transition(effect.transition, step, event, rule, details)
      } else {
        for name in details?.steps ?? [] {
          let step = definition.step(of: name, effect.transition) ?? round.position(of: name)
          transition(effect.transition, step, event, rule, details)
        }
      }
    }
    if rule.startsSaga { start(event) }
    if rule.startsCompensation { beginCompensation(event, details?.error, isExplicit: true) }
    if let outcome = rule.ends { end(outcome, event, rule, details) }
  }

  private mutating func note(_ event: EventRecord, _ details: EventDetails?) {
    if round.firstOrigin == nil {
      round.firstOrigin = event.origin
      round.startedAt = event.time
      round.isStartAtMost = event.isTimeOfReading
    }
    round.lastOrigin = event.origin
    round.updatedAt = event.time
    if !event.node.isNone { round.node = event.node }
    if round.product == nil { round.product = details?.product }
  }

  /// A start after an end begins the next round. Where the round has had no start, the start may be its own, told by a clock that is ahead.
  private func startsRound(_ event: EventRecord) -> Bool {
    guard round.firstOrigin != nil, outcome.isOver else { return false }
    if round.hasStart { return true }
    if let first = round.firstOrigin, first.topic == event.origin.topic, first.partition == event.origin.partition,
      event.origin.offset < first.offset
    {
      return false
    }
    return event.time - round.updatedAt > Self.clockTolerance
  }

  private mutating func beginRound() {
    conclude()
    let number = round.number + 1
    state.earlier.append(round)
    if state.earlier.count > Self.mostRounds {
      state.earlier.removeFirst()
      state.droppedRounds += 1
    }
    state.round.reset(to: definition.steps, number: number)
  }

  /// The first start hands the first steps their work. One that is told again is no progress.
  private mutating func start(_ event: EventRecord) {
    guard !round.hasStart else { return }
    round.hasStart = true
    moved(event)
    if !round.steps.isEmpty, !round.isCompensating, round.end == nil { openGroup(at: 0, event) }
  }

  /// The saga has made progress.
  mutating func moved(_ event: EventRecord) {
    round.progressAt = max(round.progressAt ?? event.time, event.time)
  }

  /// The compensation has begun, or its cause is now known. What is over is taken up again only by an explicit compensation.
  mutating func beginCompensation(_ event: EventRecord, _ error: String?, isExplicit: Bool) {
    if round.error == nil { round.error = error }
    switch round.end?.status {
    case nil: break
    case .compensated: return
    case .failed: if !isExplicit || round.isCompensating { return }
    case .running, .compensating, .completed, .declined, .ended: if !isExplicit { return }
    }
    round.parkedStep = nil
    guard !round.isCompensating || round.end != nil else { return }
    takeUp()
    round.isCompensating = true
    round.compensationStartedAt = event.time
    moved(event)
  }

  /// What was told against the end is now explained: it asked for the compensation.
  private mutating func takeUp() {
    round.end = nil
    round.joinStep = nil
    round.contradictions.removeAll {
      switch $0.kind {
      case .end(.compensated), .failure: true
      case .end, .success: false
      }
    }
    guard let failure = round.ignoredFailure, round.failedStep == nil else { return }
    round.failedStep = failure.step
    if round.error == nil { round.error = failure.error }
    if round.steps[failure.step].status == .completed, !definition.isCompensable(failure.step) {
      round[failure.step].status = .failed
      round[failure.step].isDone = false
    }
  }

  private mutating func end(
    _ outcome: SagaStatus, _ event: EventRecord, _ rule: CompiledRule, _ details: EventDetails?
  ) {
    if outcome == .completed, let step = openJoin(rule) {
      round.joinStep = (step, event.type)
      return
    }
    if let known = round.end {
      // A saga that failed waits for a person: what ends it after that is their success, not a contradiction. That it is completed while one
      // of its steps stands failed is none.
      let isCompletedInPart = outcome == .completed && round.steps.contains { $0.status == .failed }
      guard known.status == .failed, outcome != .failed, !isCompletedInPart else {
        if known.status != outcome { contradict(.end(outcome), event) }
        return
      }
    } else if outcome == .completed, self.outcome.status == .compensated {
      return contradict(.end(outcome), event)
    }
    if outcome == .failed { failUndoing(event, details) }
    if outcome == .failed, !round.isCompensating, round.error == nil { round.error = details?.error }
    round.end = .init(status: outcome, time: event.time, type: event.type)
    round.isEndAtMost = event.isTimeOfReading
    round.parkedStep = nil
    moved(event)
    guard outcome == .compensated || outcome == .failed else { return }
    if round.compensationStartedAt == nil { round.compensationStartedAt = event.time }
    if outcome == .compensated { round.isCompensating = true }
  }

  mutating func contradict(_ kind: SagaRound.Contradiction.Kind, _ event: EventRecord) {
    round.contradictions.append(.init(kind: kind, type: event.type, time: event.time))
  }

  /// The step that the rule completes, when others that run beside it are not done: the end waits for them.
  private func openJoin(_ rule: CompiledRule) -> Int? {
    definition.effects(of: rule).lazy.filter { $0.transition == .completes }.compactMap(\.step).first { step in
      !isJoined(definition.group(of: step))
    }
  }

  /// All steps of the group are done that must be.
  func isJoined(_ group: Range<Int>) -> Bool {
    group.allSatisfy { step in
      let status = round.steps[step].status
      return status == .completed || status == .skipped || (group.count > 1 && definition.isOptional(step))
    }
  }

  /// A compensation was given up without a word on which step: it is the one that was to be undone next.
  /// Returns whether there is one.
  @discardableResult
  mutating func failUndoing(_ event: EventRecord, _ details: EventDetails?) -> Bool {
    guard round.isCompensating, !round.steps.contains(where: { $0.status == .compensationFailed }),
      let step = round.steps.indices.last(where: { isOutstanding($0) })
    else { return false }
    round.failedUndoings += 1
    round[step].status = .compensationFailed
    round[step].compensatedAt = event.time
    round[step].compensationNode = event.node
    round[step].compensationError = details?.error
    return true
  }
}
