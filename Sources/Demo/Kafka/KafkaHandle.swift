import CKafka
import CSystem
import Glibc

/// A librdkafka client created from settings. Not thread-safe: used only on the event loop's thread.
final class KafkaHandle {
  let client: OpaquePointer
  let name: String
  private var isDestroyed = false

  /// Which events go to the client's queue instead of callbacks.
  struct Events: OptionSet {
    let rawValue: Int32
    static let deliveries = Events(rawValue: RD_KAFKA_EVENT_DR)
    static let rebalances = Events(rawValue: RD_KAFKA_EVENT_REBALANCE)
    static let errors = Events(rawValue: RD_KAFKA_EVENT_ERROR)
  }

  enum Kind { case producer, consumer }

  init(_ kind: Kind, name: String, settings: [String: String], events: Events) throws(KafkaFailure) {
    self.name = name
    guard let configuration = rd_kafka_conf_new() else { throw KafkaFailure(name, "out of memory") }
    var text = [CChar](repeating: 0, count: 512)
    // Without a log queue, librdkafka prints its log to the terminal.
    let all = settings.merging(["client.id": name, "log.queue": "true", "log_level": "3"]) { given, _ in given }
    for (key, value) in all
    where rd_kafka_conf_set(configuration, key, value, &text, text.count) != RD_KAFKA_CONF_OK {
      rd_kafka_conf_destroy(configuration)
      throw KafkaFailure("\(name): setting \(key)=\(value)", Self.string(text))
    }
    rd_kafka_conf_set_events(configuration, events.rawValue)
    if kind == .consumer { FetchPace.add(to: configuration) }
    // On success the client owns the configuration.
    guard
      let client = rd_kafka_new(
        kind == .producer ? RD_KAFKA_PRODUCER : RD_KAFKA_CONSUMER, configuration, &text, text.count)
    else {
      rd_kafka_conf_destroy(configuration)
      throw KafkaFailure("starting the Kafka client \(name)", Self.string(text))
    }
    self.client = client
    // The main queue is polled and log events are dropped. A separate log queue would grow without limit.
    rd_kafka_set_log_queue(client, nil)
  }

  deinit {
    destroy()
  }

  /// Destroys the client. A consumer must have left its group before.
  func destroy() {
    guard !isDestroyed else { return }
    isDestroyed = true
    rd_kafka_destroy_flags(client, RD_KAFKA_DESTROY_F_NO_CONSUMER_CLOSE)
  }

  private static func string(_ text: [CChar]) -> String {
    String(decoding: text.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
  }
}

/// A librdkafka event queue that wakes the event loop through an eventfd.
final class KafkaQueue {
  private var queue: OpaquePointer?
  private let bell: Descriptor

  /// Takes ownership of `queue` and destroys it with this object.
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

  /// Destroys the queue. Must be called before the client is destroyed.
  func close() {
    guard let queue else { return }
    rd_kafka_queue_io_event_enable(queue, -1, nil, 0)
    rd_kafka_queue_destroy(queue)
    self.queue = nil
  }

  /// Becomes readable when the queue is no longer empty.
  var descriptor: Int32 { bell.number }

  var pointer: OpaquePointer? { queue }

  /// Calls `body` for each queued event; the event is valid only during the call.
  func drain(_ body: (OpaquePointer) -> Void) {
    var count: UInt64 = 0
    _ = read(bell.number, &count, MemoryLayout.size(ofValue: count))
    while let queue, let event = rd_kafka_queue_poll(queue, 0) {
      body(event)
      rd_kafka_event_destroy(event)
    }
  }
}

/// A failed Kafka operation.
struct KafkaFailure: Error, Equatable, CustomStringConvertible {
  /// The operation and its subject.
  let action: String
  let reason: String

  var description: String { "\(action): \(reason)" }

  init(_ action: String, _ reason: String) {
    self.action = action
    self.reason = reason
  }

  init(_ action: String, code: Int32) {
    self.init(action, String(cString: rd_kafka_err2str(rd_kafka_resp_err_t(code))))
  }
}
