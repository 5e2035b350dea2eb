import CKafka
import CSystem
import Glibc

/// A librdkafka event queue that wakes the event loop through an eventfd.
final class KafkaQueue {
  private var queue: OpaquePointer?
  private let bell: Descriptor

  /// Takes over `queue`, which is destroyed with this object.
  init(taking queue: OpaquePointer) throws(KafkaFailure) {
    self.queue = queue
    let descriptor = sg_eventfd()
    guard descriptor >= 0 else {
      rd_kafka_queue_destroy(queue)
      throw KafkaFailure("opening an eventfd", String(cString: strerror(errno)))
    }
    bell = Descriptor(descriptor)
    var one: UInt64 = 1
    rd_kafka_queue_io_event_enable(queue, bell.number, &one, MemoryLayout.size(ofValue: one))
  }

  deinit {
    close()
  }

  /// Gives the queue back. A client's queue must be closed before the client is destroyed.
  func close() {
    guard let queue else { return }
    rd_kafka_queue_io_event_enable(queue, -1, nil, 0)
    rd_kafka_queue_destroy(queue)
    self.queue = nil
  }

  /// Becomes readable when the queue is no longer empty.
  var descriptor: Int32 { bell.number }

  var pointer: OpaquePointer? { queue }

  /// Hands every waiting event to `body`; the event is gone after it returns.
  func drain(_ body: (OpaquePointer) -> Void) {
    var count: UInt64 = 0
    _ = read(bell.number, &count, MemoryLayout.size(ofValue: count))
    while let queue, let event = rd_kafka_queue_poll(queue, 0) {
      body(event)
      rd_kafka_event_destroy(event)
    }
  }
}
