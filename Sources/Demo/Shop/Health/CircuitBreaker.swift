/// A circuit breaker over calls to another system: it opens when half of the last ten calls failed, lets a few trial
/// calls through after five seconds, and closes when they succeed.
struct CircuitBreaker: Equatable {
  enum State: String {
    case closed = "CLOSED"
    case open = "OPEN"
    case halfOpen = "HALF_OPEN"
  }

  static let window = 10
  static let threshold = 50.0
  /// Milliseconds in `open` before trial calls are let through.
  static let wait: Int64 = 5000
  static let trials = 3

  private(set) var state = State.closed
  private(set) var notPermittedCalls = 0
  /// Whether each of the last calls failed, the oldest first.
  private var calls: [Bool] = []
  private var openedAt: Int64 = 0
  private var trialsLeft = 0

  var bufferedCalls: Int { calls.count }
  var failedCalls: Int { calls.count { $0 } }

  /// Percent of failed calls, or nil while there are too few calls to judge.
  var failureRate: Double? {
    calls.count < (state == .halfOpen ? Self.trials : Self.window)
      ? nil : 100 * Double(failedCalls) / Double(calls.count)
  }

  /// Asks to make a call at `now` (milliseconds); a permitted call must be followed by `record`.
  mutating func permit(at now: Int64) -> Bool {
    if state == .open, now - openedAt >= Self.wait {
      (state, calls, trialsLeft) = (.halfOpen, [], Self.trials)
    }
    switch state {
    case .closed: return true
    case .halfOpen where trialsLeft > 0:
      trialsLeft -= 1
      return true
    default:
      notPermittedCalls += 1
      return false
    }
  }

  /// Tells how a permitted call ended.
  mutating func record(failed: Bool, at now: Int64) {
    // A call that was let through before the circuit opened says nothing about the trial.
    guard state != .open else { return }
    calls = calls.suffix(Self.window - 1) + [failed]
    guard let failureRate else { return }
    if failureRate >= Self.threshold {
      (state, openedAt) = (.open, now)
    } else if state == .halfOpen {
      (state, calls, notPermittedCalls) = (.closed, [], 0)
    }
  }
}
