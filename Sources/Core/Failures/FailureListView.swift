/// What fails, grouped by the texts of the errors.
package struct FailureListView: Sendable, Equatable {
  package var rows: [FailurePatternRow]
  /// The position of the first row among all that match, and how many match.
  package var offset: Int
  package var matching: Int
  /// Patterns that are kept.
  package var total: Int
  /// Failures of all patterns, and those whose pattern is not kept because there are too many.
  package var failures: Int
  package var dropped: Int

  package init(
    rows: [FailurePatternRow] = [], offset: Int = 0, matching: Int = 0, total: Int = 0, failures: Int = 0,
    dropped: Int = 0
  ) {
    self.rows = rows
    self.offset = offset
    self.matching = matching
    self.total = total
    self.failures = failures
    self.dropped = dropped
  }
}

/// How often a name came; `nil` where none was told.
package struct NamedCount: Sendable, Equatable {
  package var name: String?
  package var count: Int

  package init(name: String?, count: Int) {
    self.name = name
    self.count = count
  }
}
