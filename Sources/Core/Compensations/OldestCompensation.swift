/// Of the roll-backs of one type of saga that have not ended, the one that is under way for the longest time.
package struct OldestCompensation: Sendable, Equatable {
  package var type: String
  package var sagaID: String
  package var startedAt: Timestamp

  package init(type: String, sagaID: String, startedAt: Timestamp) {
    self.type = type
    self.sagaID = sagaID
    self.startedAt = startedAt
  }
}
