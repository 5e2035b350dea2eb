/// Sums over the retained sagas of one type, or of all types.
package struct TypeView: Sendable, Equatable {
  package struct Counts: Sendable, Equatable {
    package var running = 0
    package var completed = 0
    package var compensating = 0
    package var compensated = 0
    package var failed = 0
    package var declined = 0
    package var ended = 0
    /// Among the running and compensating ones.
    package var stuck = 0

    package init() {}

    mutating func add(_ other: Counts) {
      running += other.running
      completed += other.completed
      compensating += other.compensating
      compensated += other.compensated
      failed += other.failed
      declined += other.declined
      ended += other.ended
      stuck += other.stuck
    }
  }

  package var type: String
  package var counts: Counts
  /// Sagas started per second over the last minute of event time; `nil` before anything was read.
  package var startRate: Double?
  /// Sagas that came to any end, per second over the last minute; `nil` before anything was read.
  package var endRate: Double?
  /// The second of the last end of any saga, where it is among the ten minutes before the latest.
  package var lastEnd: Timestamp?
  /// Sagas that completed, were compensated or failed in the last five minutes, and of these the completed ones.
  package var recentEnds = 0
  package var recentCompletions = 0
  /// Sagas that failed in the last five minutes.
  package var recentFailures = 0
  /// Completed among those that completed, were compensated or failed, 0 to 1; `nil` when there are none.
  package var completionRate: Double?
  /// Durations of completed sagas; `nil` when none has completed.
  package var p50: Duration?
  package var p95: Duration?
  package var p99: Duration?
  /// Sagas started per second, oldest first; `nil` where nothing was being read.
  package var startHistory: [Double?]

  package init(
    type: String, counts: Counts = Counts(), startRate: Double? = nil, completionRate: Double? = nil,
    p50: Duration? = nil, p95: Duration? = nil, p99: Duration? = nil, startHistory: [Double?] = []
  ) {
    self.type = type
    self.counts = counts
    self.startRate = startRate
    self.completionRate = completionRate
    self.p50 = p50
    self.p95 = p95
    self.p99 = p99
    self.startHistory = startHistory
  }
}
