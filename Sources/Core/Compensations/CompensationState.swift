/// Sums over the roll-backs of the retained sagas, kept up by the fold. What is added can be taken out again.
struct CompensationState: Sendable {
  struct Cause: Hashable, Sendable {
    var definition: Int
    var step: Symbol
  }

  struct Counted: Sendable {
    var count = 0
    var starts = RateSeries()
  }

  /// More pairs of type and step are not told apart.
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

  /// Of those that were undone to the end; `nil` when there is none.
  var mean: Duration? {
    durations.count == 0 ? nil : .nanoseconds(totalDuration.nanosecondsClamped / Int64(durations.count))
  }

  mutating func add(_ rollBack: Compensation) {
    change(rollBack, 1)
    flow(rollBack, 1)
  }

  /// It was found not to have happened so.
  mutating func takeBack(_ rollBack: Compensation) {
    change(rollBack, -1)
    flow(rollBack, -1)
  }

  /// Its saga is not retained any more; how much flowed stays known.
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
