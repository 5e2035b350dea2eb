/// The locks that are held, and those that were lost.
package struct LockListView: Sendable, Equatable {
  /// Of the server that was read least recently; `nil` before the first reading.
  package var readAt: Timestamp?
  /// Of the slowest server.
  package var took: Duration?
  /// The part of the present pass over the keys that is done, of the server that is least far; 0 to 1.
  package var progress: Double?
  package var counts: [LockVerdict: Int]
  package var patterns: [LockPatternRow]
  package var counted: [CountedPatternRow]
  package var total: Int
  /// Locks that were found and are not looked at, because there are too many.
  package var dropped: Int
  package var rows: [LockRow]
  /// The place of the first row among those that match, and how many match.
  package var offset: Int
  package var matching: Int

  package init(
    readAt: Timestamp? = nil, took: Duration? = nil, progress: Double? = nil, counts: [LockVerdict: Int] = [:],
    patterns: [LockPatternRow] = [], counted: [CountedPatternRow] = [], total: Int = 0, dropped: Int = 0,
    rows: [LockRow] = [], offset: Int = 0, matching: Int = 0
  ) {
    self.readAt = readAt
    self.took = took
    self.progress = progress
    self.counts = counts
    self.patterns = patterns
    self.counted = counted
    self.total = total
    self.dropped = dropped
    self.rows = rows
    self.offset = offset
    self.matching = matching
  }
}
