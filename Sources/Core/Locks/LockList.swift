package typealias LockQuery = ListQuery<LockOrder, LockKey>

package enum LockOrder: String, ListOrder {
  /// The worst first, then the oldest.
  case severity
  case key
  case age
  case ttl
  case waiters

  package static let standard = LockOrder.severity
}

/// The locks that are held, and those that were lost.
package struct LockList: ListView {
  package var window: ListWindow<LockRow>
  /// Of the server that was read least recently; `nil` before the first sample.
  package var readAt: Timestamp?
  /// Of the slowest server.
  package var took: Duration?
  /// The part of the present pass over the keys that is done, of the server that is least far; 0 to 1.
  package var progress: Double?
  package var counts: [LockVerdict: Int]
  package var patterns: [LockPatternRow]
  package var counted: [CountedPatternRow]
  /// Locks that were found and are not read, because there are too many.
  package var dropped: Int

  package init(
    _ window: ListWindow<LockRow> = ListWindow(), readAt: Timestamp? = nil, took: Duration? = nil,
    progress: Double? = nil, counts: [LockVerdict: Int] = [:], patterns: [LockPatternRow] = [],
    counted: [CountedPatternRow] = [], dropped: Int = 0
  ) {
    self.window = window
    self.readAt = readAt
    self.took = took
    self.progress = progress
    self.counts = counts
    self.patterns = patterns
    self.counted = counted
    self.dropped = dropped
  }
}

extension LockRow: ListRow {
  package var rowID: LockKey { id }
}
