package typealias EventQuery = ListQuery<EventListOrder, EventID>

package enum EventListOrder: String, ListOrder {
  /// The newest first.
  case received

  package static let standard = EventListOrder.received
}

/// Where an event was read: by it a list finds the event again while rows move.
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

/// The latest messages of all topics, newest first. `total` are those that are kept.
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
  /// All that were received since the start.
  package var received: Int
  /// Per topic, most first.
  package var undecoded: [Undecoded]

  package init(_ window: ListWindow<EventRow> = ListWindow(), received: Int = 0, undecoded: [Undecoded] = []) {
    self.window = window
    self.received = received
    self.undecoded = undecoded
  }
}

/// One event in a list.
package struct EventRow: Sendable, Equatable {
  package var type: String
  package var time: Timestamp
  package var topic: String
  package var partition: Int32
  package var offset: Int64
  package var node: String?
  /// What it did to the saga: "completes payment", "ends compensated"; empty when its type has no rule.
  package var meaning: String
  package var error: String?
  /// The saga that it belongs to, and the id that it is shown by.
  package var saga: SagaHandle?
  package var sagaID: String?
  /// Finds its text in the store while it is kept.
  package var message: MessageRef
  /// Why it could not be read as an event; `nil` for events.
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

  /// Where it was read: `orders/2@17`, or `events 17` where that is no topic.
  package var place: String { partition >= 0 ? "\(topic)/\(partition)@\(offset)" : "\(topic) \(offset)" }
}
