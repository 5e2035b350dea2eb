/// Derives the state of one saga from its events in canonical order.
///
/// It is a workspace that is reused for many sagas, so that folding allocates almost no memory. Its state can be saved (`State`) and
/// restored, so that a saga's next event is applied without folding all earlier ones again.
struct SagaFold {
  struct State: Sendable {
    /// The last round. The next event belongs to it unless it starts another.
    var round = SagaRound()
    /// The earlier rounds, oldest first.
    var earlier: [SagaRound] = []
    /// Number of dropped older rounds; limits the memory of a saga with endless rounds.
    var droppedRounds = 0
    /// Some of the saga's events are not stored: an event that seems missing may be among them.
    var isCut = false
  }

  /// Maximum number of stored earlier rounds of one saga.
  static let mostRounds = 20
  /// A start after the end of a round without a start belongs to that round if it is within this time, because clocks differ.
  private static let clockTolerance = Duration.seconds(300)

  let definition: CompiledDefinition
  var state = State()

  init(_ definition: CompiledDefinition) {
    self.definition = definition
  }

  var round: SagaRound {
    // Borrowed, to avoid a copy.
    _read { yield state.round }
    _modify { yield &state.round }
  }

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

  /// Applies the events from `start` on, which are not part of the state yet, and determines the outcome.
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
    round.updatedAt = event.time
    if !event.node.isNone { round.node = event.node }
    if round.product == nil { round.product = details?.product }
  }

  /// A start after an end starts the next round. If the round has no start, it may be the round's own, with a time from a clock that is
  /// ahead.
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

  /// The first start hands over to the first steps. A repeated start is not progress.
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

  /// Starts the compensation, or records its cause. A saga that has ended is reopened only by an explicit compensation.
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

  /// Reopens the saga: events that contradicted the end are now explained, because they caused the compensation.
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
      // A failed saga waits for a person: an end after that is the person's success, not a contradiction. Completion while one of its
      // steps is failed does not count as such an end.
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

  /// The step that the rule completes while its parallel steps are not done: the end waits for them.
  private func openJoin(_ rule: CompiledRule) -> Int? {
    definition.effects(of: rule).lazy.filter { $0.transition == .completes }.compactMap(\.step).first { step in
      !isJoined(definition.group(of: step))
    }
  }

  /// All mandatory steps of the group are done.
  func isJoined(_ group: Range<Int>) -> Bool {
    group.allSatisfy { step in
      let status = round.steps[step].status
      return status == .completed || status == .skipped || (group.count > 1 && definition.isOptional(step))
    }
  }

  /// A compensation failed without naming the step: it is the step to be compensated next. Returns whether there is such a step.
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
