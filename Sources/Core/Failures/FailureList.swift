import Text

package typealias FailureQuery = ListQuery<FailureOrder, FailurePatternID>

package enum FailureOrder: String, ListOrder {
  /// Most frequent first.
  case count
  case rate
  case last
  case first
  case pattern

  package static let standard = FailureOrder.count
}

/// Failures grouped by the text of the error. `total` is the number of stored patterns.
package struct FailureList: ListView {
  package var window: ListWindow<FailurePatternRow>
  /// Failures of all patterns; failures with a pattern that was dropped because there are too many patterns.
  package var failures: Int
  package var dropped: Int
  /// Coverage of the events that the list is based on.
  package var coverage = SourceCoverage()

  package init(_ window: ListWindow<FailurePatternRow> = ListWindow(), failures: Int = 0, dropped: Int = 0) {
    self.window = window
    self.failures = failures
    self.dropped = dropped
  }
}

extension FailurePatternRow: ListRow {
  package var rowID: FailurePatternID { id }
}

/// A name and its number of occurrences; `nil` if the name is unknown.
package struct NamedCount: Sendable, Equatable {
  package var name: String?
  package var count: Int

  package init(name: String?, count: Int) {
    self.name = name
    self.count = count
  }
}

/// A pattern as input of a filter, before its row is created.
struct FailureCandidate: Filterable {
  let pattern: FailurePattern
  let symbols: SymbolTable

  static let filterWords: [FilterWord<FailureCandidate>] = [
    .init("error", isSearched: true) { failure, _ in .texts(failure.pattern.text, failure.pattern.example) },
    .init("pattern") { failure, _ in .texts(failure.pattern.text) },
    .init("step", isSearched: true) { failure, _ in failure.texts(failure.pattern.steps) },
    .init("node", isSearched: true) { failure, _ in failure.texts(failure.pattern.nodes) },
    .init("age", .duration) { failure, now in .duration(failure.pattern.last.map { now - $0 }) },
    .init("first", .duration) { failure, now in .duration(failure.pattern.first.map { now - $0 }) },
    .init("last", .duration) { failure, now in .duration(failure.pattern.last.map { now - $0 }) },
    .init("failures", .number) { failure, _ in .count(failure.pattern.count) },
    .init("sagas", .number) { failure, _ in .count(failure.pattern.sagas.count) },
  ]

  private func texts(_ counts: BoundedCounts<Symbol>) -> FilterValue { .texts(counts.counts.keys.map(symbols.text)) }
}

extension FailurePatternRow: TableRow {
  package static let columns: [Column<FailurePatternRow>] = [
    .init("FAILURES", .number) { row, _ in .count(row.known(row.count)) },
    .init("SAGAS", .number) { row, _ in .count(row.known(row.sagas)) },
    .init("RATE", .perSecond) { row, _ in .rate(row.rate) },
    .init("FIRST", .time, isWide: true) { row, _ in .time(row.firstAt) },
    .init("LAST", .time) { row, _ in .time(row.lastAt) },
    .init("NEW") { row, _ in .text(row.isNew ? "new" : nil) },
    .init("STEPS") { row, _ in .words(row.steps.map { $0.name ?? Quantity.unknown }) },
    .init("NODES") { row, _ in .words(row.nodes.map { $0.name ?? Quantity.unknown }) },
    .init("PATTERN") { row, _ in .text(row.pattern) },
  ]

  package static let vocabulary = FilterVocabulary("failures", FailureCandidate.self)
}

/// The failures of the retained sagas with the same error pattern.
package struct FailurePatternRow: Sendable, Equatable {
  package var id: FailurePatternID
  /// The text with placeholders (`ErrorPattern`).
  package var pattern: String
  /// The original text of one occurrence.
  package var example: String?
  package var count: Int
  /// The count is a lower bound: earlier failures of this pattern may be counted as dropped.
  package var isLowerBound: Bool
  /// Number of sagas with at least one such failure.
  package var sagas: Int
  /// Failures per second over the last minute; `nil` if not known yet.
  package var rate: Double?
  /// Failures per second, oldest first.
  package var history: [Double?]
  package var firstAt: Timestamp
  package var lastAt: Timestamp
  /// First seen within the last five minutes, after at least five minutes of history without it.
  package var isNew: Bool
  /// Most frequent first; at most 64 each.
  package var steps: [NamedCount]
  package var nodes: [NamedCount]
  /// Some of its sagas, newest first, with their displayed ids.
  package var samples: [Sample]

  /// Coverage of the events that the row is based on.
  package var coverage = SourceCoverage()

  /// A count of this row with its quality.
  package func known(_ count: Int) -> Known<Int64> {
    let number = coverage.known(count)
    return isLowerBound ? number.orMore("more patterns came than are kept") : number
  }

  package struct Sample: Sendable, Equatable {
    package var saga: SagaHandle
    package var id: String

    package init(saga: SagaHandle, id: String) {
      self.saga = saga
      self.id = id
    }
  }

  package init(
    id: FailurePatternID, pattern: String, example: String? = nil, count: Int, isLowerBound: Bool = false,
    sagas: Int = 0, rate: Double? = nil, history: [Double?] = [], firstAt: Timestamp, lastAt: Timestamp,
    isNew: Bool = false, steps: [NamedCount] = [], nodes: [NamedCount] = [], samples: [Sample] = []
  ) {
    self.id = id
    self.pattern = pattern
    self.example = example
    self.count = count
    self.isLowerBound = isLowerBound
    self.sagas = sagas
    self.rate = rate
    self.history = history
    self.firstAt = firstAt
    self.lastAt = lastAt
    self.isNew = isNew
    self.steps = steps
    self.nodes = nodes
    self.samples = samples
  }
}
