/// One partition's log over time.
struct PartitionLog {
  struct Recreation: Sendable {
    var time: Timestamp
    /// The end that the log had before.
    var end: Int64
  }

  private(set) var start: Int64?
  private(set) var end: Int64?
  private(set) var history = OffsetHistory()
  private(set) var recreation: Recreation?

  /// `true` when the log was made anew since the last reading.
  @discardableResult
  mutating func note(_ offsets: PartitionOffsets, at time: Timestamp) -> Bool {
    start = offsets.start ?? start
    guard let end = offsets.end else {
      self.end = nil
      return false
    }
    let hasGoneBack = history.last.map { $0.offset > end } ?? false
    if hasGoneBack, let last = history.last {
      recreation = Recreation(time: time, end: last.offset)
      history = OffsetHistory()
    }
    history.add(end, at: time)
    self.end = end
    return hasGoneBack
  }

  /// How fast it grows; `nil` unless its end was read in this round, and before.
  func rate(over span: Duration) -> Double? { end == nil ? nil : history.rate(over: span) }

  /// Messages behind a commit. A commit beyond the end belongs to another log, and nothing follows from it.
  func lag(from committed: Int64?) -> Known<Int64> {
    guard let end else { return .unknown("its log end offset is not known") }
    guard let committed else {
      guard let start, start == end else { return .unknown("it was never committed") }
      return 0
    }
    guard committed <= end else { return .unknown("its commit lies beyond the end of the log") }
    return .exact(end - max(committed, min(start ?? committed, end)))
  }

  /// Messages that lie in it.
  var count: Int64? {
    guard let start, let end else { return nil }
    return max(0, end - start)
  }
}
