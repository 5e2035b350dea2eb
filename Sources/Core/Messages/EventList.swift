package typealias EventQuery = ListQuery<EventListOrder, EventID>

package enum EventListOrder: String, ListOrder {
  /// Newest first.
  case received

  package static let standard = EventListOrder.received
}

/// Where an event was read; a list uses it to find the event again when rows move.
package struct EventID: Hashable, Sendable {
  package var topic: String
  package var partition: Int32
  package var offset: Int64

  package init(topic: String, partition: Int32, offset: Int64) {
    self.topic = topic
    self.partition = partition
    self.offset = offset
  }

  package init(_ row: EventRow) {
    self.init(topic: row.topic, partition: row.partition, offset: row.offset)
  }
}

extension EventRow: ListRow {
  package var rowID: EventID { EventID(self) }
}

/// The latest messages of all topics, newest first. `total` is the number of stored messages.
package struct EventList: ListView {
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

  package var window: ListWindow<EventRow>
  /// Number of messages received since the start.
  package var received: Int
  /// Per topic, most first.
  package var undecoded: [Undecoded]

  package init(_ window: ListWindow<EventRow> = ListWindow(), received: Int = 0, undecoded: [Undecoded] = []) {
    self.window = window
    self.received = received
    self.undecoded = undecoded
  }
}

package struct EventRow: Sendable, Equatable {
  package var type: String
  package var time: Timestamp
  package var topic: String
  package var partition: Int32
  package var offset: Int64
  package var node: String?
  /// The effect on the saga: "completes payment", "ends compensated"; empty if its type has no rule.
  package var meaning: String
  package var error: String?
  /// The saga that it belongs to, and the saga's displayed id.
  package var saga: SagaHandle?
  package var sagaID: String?
  /// Reference to its text in the store, valid while the text is stored.
  package var message: MessageRef
  /// Why it could not be decoded as an event; `nil` for events.
  package var undecoded: String?

  package init(
    type: String, time: Timestamp, topic: String, partition: Int32, offset: Int64, node: String? = nil,
    meaning: String = "", error: String? = nil, saga: SagaHandle? = nil, sagaID: String? = nil,
    message: MessageRef = .none, undecoded: String? = nil
  ) {
    self.type = type
    self.time = time
    self.topic = topic
    self.partition = partition
    self.offset = offset
    self.node = node
    self.meaning = meaning
    self.error = error
    self.saga = saga
    self.sagaID = sagaID
    self.message = message
    self.undecoded = undecoded
  }

  /// Where it was read: `orders/2@17`, or `events 17` if the source is not a topic.
  package var place: String { partition >= 0 ? "\(topic)/\(partition)@\(offset)" : "\(topic) \(offset)" }
}
