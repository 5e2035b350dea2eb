/// One step while a saga's events are folded.
struct StepState: Sendable {
  struct Attempt: Sendable {
    var startedAt: Timestamp?
    var endedAt: Timestamp?
    var hasFailed = false
    /// Started because the preceding step was done, not by its own event.
    var isHandedOver = false
    /// Its start or end is the time when it was read, so its duration is an upper bound.
    var isAtMost = false
    var node = Symbol.none
    var error: String?

    /// Its duration; `nil` if its start or end is unknown or only an upper bound is known.
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
  /// An attempt completed it, and it has not been compensated.
  var isDone = false
  /// An earlier step was restarted after this one was done: its next completion counts as a new one.
  var isStale = false
  /// Its compensation is pending. Set when the outcome is determined.
  var isOwed = false
  var compensatedAt: Timestamp?
  var compensationNode = Symbol.none
  var compensationError: String?

  init(_ step: Symbol) {
    self.step = step
  }

  /// Resets the step but keeps the storage of its attempts.
  mutating func reset(to step: Symbol) {
    self.step = step
    status = .pending
    attempts.removeAll(keepingCapacity: true)
    (isDone, isStale, isOwed) = (false, false, false)
    compensatedAt = nil
    compensationNode = .none
    compensationError = nil
  }

  /// Its start is only derived from the end of the preceding step.
  var isOnlyHandedOver: Bool { status == .running && (attempts.last?.isHandedOver ?? false) }

  mutating func open(_ event: EventRecord, isHandedOver: Bool) {
    attempts.append(
      Attempt(
        startedAt: event.time, isHandedOver: isHandedOver, isAtMost: event.isTimeOfReading,
        node: isHandedOver ? .none : event.node))
    status = .running
    isStale = false
  }

  /// Ends the running attempt, or adds an attempt with a known end only.
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
