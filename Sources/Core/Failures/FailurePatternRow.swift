/// The failures of the retained sagas that have one text in common.
package struct FailurePatternRow: Sendable, Equatable {
  package var id: FailurePatternID
  /// The text with placeholders (`ErrorPattern`).
  package var pattern: String
  /// An occurrence's own text.
  package var example: String?
  package var count: Int
  /// A lower bound: others of the same text may have been counted as dropped.
  package var isLowerBound: Bool
  /// Sagas that have it, at least once.
  package var sagas: Int
  /// Failures per second over the last minute; `nil` before the first.
  package var rate: Double?
  /// Failures per second, oldest first.
  package var history: [Double?]
  package var firstAt: Timestamp
  package var lastAt: Timestamp
  /// Seen for the first time within the last five minutes, after at least as long a time without it.
  package var isNew: Bool
  /// Most first; at most 64 each.
  package var steps: [NamedCount]
  package var nodes: [NamedCount]
  /// Some of its sagas, the latest first, by the id that they are shown by.
  package var samples: [Sample]

  /// What is known of the events that it is taken from.
  package var coverage = SourceCoverage()

  /// A count of this row, with what is known of it.
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
