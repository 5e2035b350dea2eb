/// A circuit breaker for calls to another system: it opens when half of the last ten calls failed, allows a few trial calls after five
/// seconds, and closes when they succeed.
struct CircuitBreaker: Equatable {
  enum State: String {
    case closed = "CLOSED"
    case open = "OPEN"
    case halfOpen = "HALF_OPEN"
  }

  static let window = 10
  static let threshold = 50.0
  /// Milliseconds in `open` before trial calls are allowed.
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

  /// Percentage of failed calls; `nil` if there are too few calls.
  var failureRate: Double? {
    calls.count < (state == .halfOpen ? Self.trials : Self.window)
      ? nil : 100 * Double(failedCalls) / Double(calls.count)
  }

  /// Requests a call at `now` (milliseconds). If it is permitted, `record` must be called after it.
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

  /// Records the result of a permitted call.
  mutating func record(failed: Bool, at now: Int64) {
    // The result of a call permitted before the circuit opened must not affect the trial.
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
