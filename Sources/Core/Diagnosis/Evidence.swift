/// One thing that was seen, and how old the look is.
package struct Evidence: Sendable, Equatable {
  package enum Weight: Sendable {
    case supports
    case contradicts
  }

  /// One sentence with its numbers.
  package var text: String
  /// Which source told it: `services`, `lag`, `redis`, `kafka`, `events`.
  package var source: String
  /// When the source looked; `nil` for what the events themselves tell, which does not grow old.
  package var readAt: Timestamp?
  package var weight: Weight
  /// The look is so old that it says little of now.
  package var isStale: Bool

  package init(
    _ text: String, source: String, readAt: Timestamp? = nil, weight: Weight = .supports, isStale: Bool = false
  ) {
    self.text = text
    self.source = source
    self.readAt = readAt
    self.weight = weight
    self.isStale = isStale
  }

  package func age(at now: Timestamp) -> Duration? { readAt.map { max(.zero, now - $0) } }
}
