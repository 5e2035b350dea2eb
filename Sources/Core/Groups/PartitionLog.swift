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

  /// Messages that lie in it.
  var count: Int64? {
    guard let start, let end else { return nil }
    return max(0, end - start)
  }
}
