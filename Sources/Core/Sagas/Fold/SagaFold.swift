/// Derives a saga's state from its events, given one after the other in their canonical order.
///
/// It is a workspace: one is reused for many sagas, so that folding allocates nothing once it is warm.
struct SagaFold {
  /// What became of a saga before the outcome is judged.
  struct Progress {
    var isCompensating = false
    var ended: SagaStatus?
    var endedAt: Timestamp?
    var isInconsistent = false
    var hasStart = false
    var failedStep = Symbol.none
    var error: String?
    var product: String?
    var compensationStartedAt: Timestamp?
    /// How often the undoing of some step failed.
    var failedUndoings = 0
    var lastTouched: Int?
  }

  let definition: CompiledDefinition
  var stepCount = 0
  var storage: [StepState] = []
  var progress = Progress()
  var summary = SagaSummary()
  /// Positions of steps in the order in which they were undone.
  var undone: [Int] = []

  init(_ definition: CompiledDefinition) {
    self.definition = definition
  }

  var steps: ArraySlice<StepState> { storage[..<stepCount] }

  /// Derives the state of a saga from all of its events.
  mutating func run(_ events: [EventRecord]) {
    reset()
    for event in events { apply(event) }
    conclude()
  }

  private mutating func reset() {
    stepCount = 0
    for step in definition.steps { addStep(step) }
    progress = Progress()
    summary = SagaSummary()
    undone.removeAll(keepingCapacity: true)
  }

  private mutating func addStep(_ step: Symbol) {
    if stepCount < storage.count { storage[stepCount].reset(to: step) } else { storage.append(StepState(step)) }
    stepCount += 1
  }

  mutating func withStep<Result>(_ index: Int, _ body: (inout StepState) -> Result) -> Result {
    body(&storage[index])
  }

  private mutating func apply(_ event: EventRecord) {
    if summary.startedAt == .distantPast { summary.startedAt = event.time }
    summary.updatedAt = event.time
    if !event.node.isNone { summary.node = event.node }
    if progress.product == nil { progress.product = event.product }
    guard event.rule != EventRecord.noRule else { return }
    let rule = definition.rules[Int(event.rule)]
    for effect in rule.effects {
      if let step = effect.step {
        transition(effect.transition, step: step, event)
      } else {
        for name in event.steps { transition(effect.transition, step: position(of: name), event) }
      }
    }
    if rule.startsSaga { start(at: event.time) }
    if rule.startsCompensation { beginCompensation(event) }
    if let outcome = rule.ends { end(outcome, event) }
  }

  /// A step that the definition does not name takes its place behind those it does.
  private mutating func position(of step: Symbol) -> Int {
    if let index = steps.firstIndex(where: { $0.step == step }) { return index }
    addStep(step)
    return stepCount - 1
  }

  private mutating func start(at time: Timestamp) {
    progress.hasStart = true
    summary.progressAt = max(summary.progressAt, time)
    if stepCount > 0 { open(definition.group(of: 0), at: time, where: .pending) }
  }

  /// The roll-back has begun, or its cause is now known.
  mutating func beginCompensation(_ event: EventRecord) {
    if progress.error == nil { progress.error = event.error }
    summary.progressAt = event.time
    guard progress.ended == nil || progress.ended == .completed else { return }
    progress.ended = nil
    if !progress.isCompensating { progress.compensationStartedAt = event.time }
    progress.isCompensating = true
  }

  private mutating func end(_ outcome: SagaStatus, _ event: EventRecord) {
    summary.progressAt = event.time
    // A saga that failed waits for a person: what ends it after that is their success, not a contradiction.
    if let ended = progress.ended, ended != .failed || outcome == .failed {
      if ended != outcome { progress.isInconsistent = true }
      return
    }
    progress.ended = outcome
    progress.endedAt = event.time
    if outcome == .failed, progress.error == nil { progress.error = event.error }
    if outcome != .completed, progress.compensationStartedAt == nil { progress.compensationStartedAt = event.time }
  }
}
