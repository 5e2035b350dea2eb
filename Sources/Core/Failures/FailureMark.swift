/// A failure of a saga and the pattern that it was counted for.
struct FailureMark: Sendable {
  var failure: SagaFailure
  var pattern: FailurePatternID
}

/// Names a pattern of one `Store`. It stays valid while the pattern is kept; after that it finds nothing.
package struct FailurePatternID: Hashable, Sendable {
  package var place: Int32
  package var generation: UInt32

  package init(place: Int32, generation: UInt32) {
    self.place = place
    self.generation = generation
  }
}
