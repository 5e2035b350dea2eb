import Core

/// Where an event was read: by it a list finds the event again while rows move.
package struct EventID: Hashable, Sendable {
  package var topic: String
  package var partition: Int32
  package var offset: Int64

  package init(_ row: EventRow) {
    topic = row.topic
    partition = row.partition
    offset = row.offset
  }
}
