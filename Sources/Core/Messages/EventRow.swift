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
