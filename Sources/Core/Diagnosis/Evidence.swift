/// One observation and its age.
package struct Evidence: Sendable, Equatable {
  package enum Weight: Sendable {
    case supports
    case contradicts
  }

  /// One sentence with its numbers.
  package var text: String
  /// The source of the observation: `services`, `lag`, `redis`, `kafka`, `events`.
  package var source: String
  /// When the source was read; `nil` for facts from the events themselves, which do not become outdated.
  package var readAt: Timestamp?
  package var weight: Weight
  /// The observation is too old to describe the present state.
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
