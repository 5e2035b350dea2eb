/// One pass of a saga from a start to an end, while its events are applied.
struct SagaRound: Sendable {
  /// An event that ends the saga.
  struct End: Sendable {
    var status: SagaStatus
    var time: Timestamp
    var type: Symbol
  }

  /// An event that contradicts the earlier ones.
  struct Contradiction: Sendable {
    enum Kind: Sendable {
      /// Another end.
      case end(SagaStatus)
      /// A step failed after the saga had ended.
      case failure(step: Int)
      /// A step was done after the compensation had ended.
      case success(step: Int)
    }

    var kind: Kind
    var type: Symbol
    var time: Timestamp
  }

  /// A failure that had no effect when it arrived. It becomes the cause of a compensation that starts later.
  struct IgnoredFailure: Sendable {
    var step: Int
    var error: String?
  }

  var number = 1
  private(set) var steps: [StepState] = []
  /// Includes all steps that events have changed. All later steps are pending; there may be many.
  private(set) var touched = 0..<0
  var startedAt = Timestamp.distantPast
  var updatedAt = Timestamp.distantPast
  var progressAt: Timestamp?
  var isStartAtMost = false
  var isEndAtMost = false
  var node = Symbol.none
  var product: String?
  /// Origin of its first event.
  var firstOrigin: Origin?
  var hasStart = false
  var isCompensating = false
  var compensationStartedAt: Timestamp?
  var end: End?
  /// An event ended the saga at this step, but its parallel steps are not done yet.
  var joinStep: (step: Int, type: Symbol)?
  /// The step that triggered the compensation.
  var failedStep: Int?
  var error: String?
  /// The step with a parked message.
  var parkedStep: Int?
  var ignoredFailure: IgnoredFailure?
  var contradictions: [Contradiction] = []
  /// Indices of steps in the order in which they were compensated.
  var undone: [Int] = []
  /// Number of failed compensations of steps.
  var failedUndoings = 0
  var lastTouched: Int?
  /// When a step was last completed.
  var lastCompletedAt: Timestamp?
  var summary = SagaSummary()

  /// A step that an event changes.
  subscript(step: Int) -> StepState {
    _read { yield steps[step] }
    _modify {
      if step >= touched.upperBound { touched = 0..<step + 1 }
      yield &steps[step]
    }
  }

  /// Resets the round but keeps the storage of its steps. `names` must always be the steps of the same definition.
  mutating func reset(to names: [Symbol], number: Int) {
    var (steps, touched) = (self.steps, self.touched)
    self = SagaRound()
    self.number = number
    steps.removeLast(max(0, steps.count - names.count))
    touched = touched.clamped(to: steps.indices)
    for place in touched { steps[place].reset(to: names[place]) }
    for place in steps.count..<names.count { steps.append(StepState(names[place])) }
    self.steps = steps
  }

  /// The index of a step. A step that is not in the definition is appended.
  mutating func position(of step: Symbol) -> Int {
    if let index = steps.firstIndex(where: { $0.step == step }) { return index }
    steps.append(StepState(step))
    return steps.count - 1
  }

  func name(of step: Int?) -> Symbol { step.map { steps[$0].step } ?? .none }
}

/// The data of a saga, or of one of its earlier rounds, for lists and sums. It is derived from the saga's events; equal sets of events
/// give equal summaries.
struct SagaSummary: Equatable, Sendable {
  var status = SagaStatus.running
  var flags: SagaFlags = []
  var step = Symbol.none
  var failedStep = Symbol.none
  var node = Symbol.none
  var startedAt = Timestamp.distantPast
  var updatedAt = Timestamp.distantPast
  /// `nil` if no event has moved it: then it has no deadline either.
  var progressAt: Timestamp?
  var endedAt: Timestamp?
  var error: String?
  /// All its known work is done and no event could end it, so it is unknown whether more follows.
  var isOpenEnded = false
  /// Its first or last time is the time when it was read.
  var isAtMost = false
  /// Starting at 1.
  var round = 1

  /// From its first event to its end; `nil` if it is active, if its start was not seen, or if only an upper bound is known.
  var duration: Duration? {
    guard let endedAt, !flags.contains(.incomplete), !isAtMost else { return nil }
    return endedAt - startedAt
  }
}
