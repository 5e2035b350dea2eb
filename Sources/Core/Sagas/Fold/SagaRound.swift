/// One pass of a saga from a start to an end, while its events are applied.
struct SagaRound: Sendable {
  /// An event that says that the saga is over.
  struct End: Sendable {
    var status: SagaStatus
    var time: Timestamp
    var type: Symbol
  }

  /// An event that cannot be true together with what was told before it.
  struct Contradiction: Sendable {
    enum Kind: Sendable {
      /// Another end.
      case end(SagaStatus)
      /// A step failed after the saga was over.
      case failure(step: Int)
      /// A step was done after the compensation was over.
      case success(step: Int)
    }

    var kind: Kind
    var type: Symbol
    var time: Timestamp
  }

  /// A failure that changed nothing when it was told. It becomes the cause of a compensation that begins later.
  struct IgnoredFailure: Sendable {
    var step: Int
    var error: String?
  }

  var number = 1
  private(set) var steps: [StepState] = []
  /// All steps that events have changed are among them: those behind are pending, and there may be many.
  private(set) var touched = 0..<0
  var startedAt = Timestamp.distantPast
  var updatedAt = Timestamp.distantPast
  var progressAt: Timestamp?
  var isStartAtMost = false
  var isEndAtMost = false
  var node = Symbol.none
  var product: String?
  /// Where its first event lies, and where its last.
  var firstOrigin: Origin?
  var lastOrigin: Origin?
  var hasStart = false
  var isCompensating = false
  var compensationStartedAt: Timestamp?
  var end: End?
  /// An event ended the saga at this step, whose parallel steps are not done yet.
  var joinStep: (step: Int, type: Symbol)?
  /// What set the compensation off.
  var failedStep: Int?
  var error: String?
  /// The step whose message was parked.
  var parkedStep: Int?
  var ignoredFailure: IgnoredFailure?
  var contradictions: [Contradiction] = []
  /// Positions of steps in the order in which they were undone.
  var undone: [Int] = []
  /// How often the undoing of some step failed.
  var failedUndoings = 0
  var lastTouched: Int?
  /// When the step that was completed last was.
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

  /// As new, with the storage of its steps kept. `names` are always those of one definition.
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

  /// The position of a step. One that the definition does not name takes its place behind those it does.
  mutating func position(of step: Symbol) -> Int {
    if let index = steps.firstIndex(where: { $0.step == step }) { return index }
    steps.append(StepState(step))
    return steps.count - 1
  }

  func name(of step: Int?) -> Symbol { step.map { steps[$0].step } ?? .none }
}

/// What lists and sums need of a saga, or of one of its earlier rounds. It is derived from the saga's events; equal sets of events give
/// equal summaries.
struct SagaSummary: Equatable, Sendable {
  var status = SagaStatus.running
  var flags: SagaFlags = []
  var step = Symbol.none
  var failedStep = Symbol.none
  var node = Symbol.none
  var startedAt = Timestamp.distantPast
  var updatedAt = Timestamp.distantPast
  /// `nil` while no event has moved it: then it has no deadline either.
  var progressAt: Timestamp?
  var endedAt: Timestamp?
  var error: String?
  /// All that is known of it is done, and no event is known that would end it: nobody can say whether anything is to follow.
  var isOpenEnded = false
  /// Its first or its last instant is when it was read.
  var isAtMost = false
  /// Counted from 1.
  var round = 1

  /// From its first event to its end; `nil` while active, when its beginning was not seen, or where it is only an upper bound.
  var duration: Duration? {
    guard let endedAt, !flags.contains(.incomplete), !isAtMost else { return nil }
    return endedAt - startedAt
  }
}
