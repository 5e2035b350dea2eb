/// One step while a saga's events are folded.
struct StepState: Sendable {
  struct Attempt: Sendable {
    var startedAt: Timestamp?
    var endedAt: Timestamp?
    var hasFailed = false
    /// Begun because the step before it was done, not by an event of its own.
    var isHandedOver = false
    /// Its start or its end is when it was read, so that it took at most as long as it seems.
    var isAtMost = false
    var node = Symbol.none
    var error: String?

    /// How long it took, where both its ends are known; `nil` too where that is only an upper bound.
    var duration: Duration? { nanoseconds.map { .nanoseconds($0) } }

    var nanoseconds: Int64? {
      guard !isAtMost, let startedAt, let endedAt, endedAt >= startedAt else { return nil }
      let (span, overflow) = endedAt.nanoseconds.subtractingReportingOverflow(startedAt.nanoseconds)
      return overflow ? .max : span
    }
  }

  var step: Symbol
  var status = StepStatus.pending
  var attempts: [Attempt] = []
  /// Some attempt completed it, and that was not undone.
  var isDone = false
  /// A step before it was begun again after this one was done: its next completion is a new one.
  var isStale = false
  /// Its undoing is awaited. Set when the outcome is judged.
  var isOwed = false
  var compensatedAt: Timestamp?
  var compensationNode = Symbol.none
  var compensationError: String?

  init(_ step: Symbol) {
    self.step = step
  }

  /// As new, with the storage of its attempts kept.
  mutating func reset(to step: Symbol) {
    self.step = step
    status = .pending
    attempts.removeAll(keepingCapacity: true)
    (isDone, isStale, isOwed) = (false, false, false)
    compensatedAt = nil
    compensationNode = .none
    compensationError = nil
  }

  /// Only the step before it says that it runs.
  var isOnlyHandedOver: Bool { status == .running && (attempts.last?.isHandedOver ?? false) }

  mutating func open(_ event: EventRecord, isHandedOver: Bool) {
    attempts.append(
      Attempt(
        startedAt: event.time, isHandedOver: isHandedOver, isAtMost: event.isTimeOfReading,
        node: isHandedOver ? .none : event.node))
    status = .running
    isStale = false
  }

  /// Ends the running attempt, or adds one of which only the end is known.
  mutating func close(_ event: EventRecord, error: String?, hasFailed: Bool) {
    if attempts.last?.endedAt != nil || attempts.isEmpty { attempts.append(Attempt()) }
    let last = attempts.count - 1
    attempts[last].endedAt = event.time
    attempts[last].hasFailed = hasFailed
    attempts[last].isHandedOver = false
    if event.isTimeOfReading { attempts[last].isAtMost = true }
    if !event.node.isNone { attempts[last].node = event.node }
    attempts[last].error = error
    status = hasFailed ? .failed : .completed
    if !hasFailed { isDone = true }
    isStale = false
  }
}
