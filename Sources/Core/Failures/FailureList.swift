package typealias FailureQuery = ListQuery<FailureOrder, FailurePatternID>

package enum FailureOrder: String, ListOrder {
  /// The most first.
  case count
  case rate
  case last
  case first
  case pattern

  package static let standard = FailureOrder.count
}

/// What fails, grouped by the texts of the errors. `total` are the patterns that are kept.
package struct FailureList: ListView {
  package var window: ListWindow<FailurePatternRow>
  /// Failures of all patterns, and those whose pattern is not kept because there are too many.
  package var failures: Int
  package var dropped: Int

  package init(_ window: ListWindow<FailurePatternRow> = ListWindow(), failures: Int = 0, dropped: Int = 0) {
    self.window = window
    self.failures = failures
    self.dropped = dropped
  }
}

extension FailurePatternRow: ListRow {
  package var rowID: FailurePatternID { id }
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
