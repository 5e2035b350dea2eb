/// The latest messages of all topics, newest first.
package struct EventListView: Sendable, Equatable {
  package struct Undecoded: Sendable, Equatable {
    package var topic: String
    package var count: Int
    package var lastReason: String

    package init(topic: String, count: Int, lastReason: String) {
      self.topic = topic
      self.count = count
      self.lastReason = lastReason
    }
  }

  package var rows: [EventRow]
  package var offset: Int
  /// How many of the kept ones match.
  package var matching: Int
  /// All that were received since the start.
  package var received: Int
  /// Per topic, most first.
  package var undecoded: [Undecoded]

  package init(
    rows: [EventRow] = [], offset: Int = 0, matching: Int = 0, received: Int = 0, undecoded: [Undecoded] = []
  ) {
    self.rows = rows
    self.offset = offset
    self.matching = matching
    self.received = received
    self.undecoded = undecoded
  }
}
