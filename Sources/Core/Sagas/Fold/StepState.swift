/// One step while a saga's events are folded.
struct StepState {
  struct Attempt {
    var startedAt: Timestamp?
    var endedAt: Timestamp?
    var hasFailed = false
    /// Begun because the step before it was done, not by an event of its own.
    var isHandedOver = false
    var node = Symbol.none
    var error: String?
  }

  var step: Symbol
  var status = StepStatus.pending
  var attempts: [Attempt] = []
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
    compensatedAt = nil
    compensationNode = .none
    compensationError = nil
  }

  /// Only the step before it says that it runs.
  var isOnlyHandedOver: Bool {
    status == .running && attempts.count == 1 && attempts[0].isHandedOver
  }

  mutating func open(at time: Timestamp, node: Symbol, isHandedOver: Bool) {
    attempts.append(Attempt(startedAt: time, isHandedOver: isHandedOver, node: node))
    status = .running
  }

  /// Ends the running attempt, or adds one of which only the end is known.
  mutating func close(at time: Timestamp, node: Symbol, error: String?, hasFailed: Bool) {
    if attempts.last?.endedAt != nil || attempts.isEmpty { attempts.append(Attempt()) }
    let last = attempts.count - 1
    attempts[last].endedAt = time
    attempts[last].hasFailed = hasFailed
    attempts[last].isHandedOver = false
    if !node.isNone { attempts[last].node = node }
    attempts[last].error = error
    status = hasFailed ? .failed : .completed
  }
}
