/// Sums over the roll-backs of the retained sagas, updated by the fold. An added roll-back can be removed again.
struct CompensationState: Sendable {
  struct Cause: Hashable, Sendable {
    var definition: Int
    var step: Symbol
  }

  struct Counted: Sendable {
    var count = 0
    var starts = RateSeries()
  }

  /// Maximum number of pairs of type and step that are counted separately.
  static let mostCauses = 200

  private(set) var started = RateSeries()
  private(set) var done = RateSeries()
  private(set) var failed = RateSeries()
  private(set) var durations = LogHistogram()
  private var totalDuration = Duration.zero
  private(set) var causes: [Cause: Counted] = [:]
  private(set) var steps = BoundedCounts<Symbol>()
  private(set) var nodes = BoundedCounts<Symbol>()
  private(set) var errors = BoundedCounts<String>(capacity: 500)
  private(set) var products = BoundedCounts<String>(capacity: 500)
  private(set) var count = 0

  /// Mean duration of completed roll-backs; `nil` if there is none.
  var mean: Duration? {
    durations.count == 0 ? nil : .nanoseconds(totalDuration.nanosecondsClamped / Int64(durations.count))
  }

  mutating func add(_ rollBack: Compensation) {
    change(rollBack, 1)
    flow(rollBack, 1)
  }

  /// Removes a roll-back that turned out not to have happened in this form.
  mutating func takeBack(_ rollBack: Compensation) {
    change(rollBack, -1)
    flow(rollBack, -1)
  }

  /// Removes a roll-back of a saga that is no longer retained; the flow rates stay.
  mutating func forget(_ rollBack: Compensation) { change(rollBack, -1) }

  private mutating func change(_ rollBack: Compensation, _ amount: Int) {
    count += amount
    steps.change(rollBack.step, by: amount)
    nodes.change(rollBack.node, by: amount)
    if let error = rollBack.error { errors.change(error, by: amount) }
    if let product = rollBack.product { products.change(product, by: amount) }
    let cause = Cause(definition: rollBack.definition, step: rollBack.step)
    if causes[cause] != nil || (amount > 0 && causes.count < Self.mostCauses) {
      causes[cause, default: Counted()].count += amount
      if causes[cause]?.count == 0 { causes[cause] = nil }
    }
    guard let duration = rollBack.duration else { return }
    if amount > 0 { durations.add(duration) } else { durations.remove(duration) }
    totalDuration = .nanoseconds(
      totalDuration.nanosecondsClamped &+ Int64(amount) &* duration.nanosecondsClamped)
  }

  private mutating func flow(_ rollBack: Compensation, _ amount: Int32) {
    started.add(amount, at: rollBack.startedAt)
    causes[Cause(definition: rollBack.definition, step: rollBack.step)]?.starts.add(amount, at: rollBack.startedAt)
    guard let endedAt = rollBack.endedAt else { return }
    if rollBack.outcome == .failed { failed.add(amount, at: endedAt) } else { done.add(amount, at: endedAt) }
  }
}

/// Updates the sums of compensations when sagas change: each saga stores what was counted for each of its rounds.
extension StoreState {
  /// Updates the sums for a saga that was just folded. Its failures must already be counted.
  mutating func countRollBack(of saga: Saga) {
    let isNeeded =
      saga.summary.isRolledBack || saga.rollBack != nil || !saga.earlier.isEmpty || !saga.earlierRollBacks.isEmpty
    guard isNeeded else { return }
    let state = sagas.folds[saga.definition].state
    if saga.summary.isRolledBack || saga.rollBack != nil {
      let found = saga.summary.isRolledBack ? rollBack(of: state.round, saga) : nil
      if found != saga.rollBack {
        if let known = saga.rollBack { rollBacks.takeBack(known) }
        if let found { rollBacks.add(found) }
        saga.rollBack = found
      }
    }
    guard !state.earlier.isEmpty || !saga.earlierRollBacks.isEmpty else { return }
    let found = state.earlier.filter(\.summary.isRolledBack).map { rollBack(of: $0, saga) }
    guard found != saga.earlierRollBacks else { return }
    for known in saga.earlierRollBacks { rollBacks.takeBack(known) }
    for rollBack in found { rollBacks.add(rollBack) }
    saga.earlierRollBacks = found
    if found.isEmpty { sagas.renewed.remove(saga.handle.slot) } else { sagas.renewed.insert(saga.handle.slot) }
  }

  mutating func takeBackRollBack(of saga: Saga) {
    for known in saga.rollBacks { rollBacks.takeBack(known) }
    (saga.rollBack, saga.earlierRollBacks) = (nil, [])
  }

  mutating func forgetRollBack(of saga: Saga) {
    for known in saga.rollBacks { rollBacks.forget(known) }
    (saga.rollBack, saga.earlierRollBacks) = (nil, [])
  }

  private func rollBack(of round: SagaRound, _ saga: Saga) -> Compensation {
    let failed = round.failedStep.flatMap { round.steps[$0].attempts.last { $0.hasFailed } }
    let own = saga.failures.filter { $0.failure.time >= round.startedAt && $0.failure.time <= round.updatedAt }
    let mark = own.first { $0.failure.step == round.summary.failedStep } ?? own.first
    return Compensation(
      definition: saga.definition, round: round.number, outcome: round.summary.status,
      startedAt: round.compensationStartedAt ?? round.progressAt ?? round.startedAt, endedAt: round.summary.endedAt,
      step: round.summary.failedStep, node: failed?.node ?? .none,
      error: mark.flatMap { failures.pattern($0.pattern)?.text }, product: round.product)
  }
}

extension Saga {
  var rollBacks: [Compensation] { earlierRollBacks + (rollBack.map { [$0] } ?? []) }
}
