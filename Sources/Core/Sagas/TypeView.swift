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
    /// Of the running and compensating sagas.
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
  /// Sagas ended in any way, per second over the last minute; `nil` before anything was read.
  package var endRate: Double?
  /// The second of the last end of a saga, if it is among the retained ten minutes; otherwise `nil`.
  package var lastEnd: Timestamp?
  /// Sagas that completed, were compensated or failed in the last five minutes, and the completed ones among them.
  package var recentEnds = 0
  package var recentCompletions = 0
  /// Sagas that failed in the last five minutes.
  package var recentFailures = 0
  /// Share of completed sagas among the completed, compensated and failed ones, 0 to 1; `nil` if there are none.
  package var completionRate: Double?
  /// Durations of completed sagas; `nil` if none has completed.
  package var p50: Duration?
  package var p95: Duration?
  package var p99: Duration?
  /// Sagas started per second, oldest first; `nil` for times without data.
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
