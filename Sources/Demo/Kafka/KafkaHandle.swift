import CKafka

/// One librdkafka client and its conversion from settings. Not thread-safe: the event loop's thread owns it.
final class KafkaHandle {
  let client: OpaquePointer
  let name: String
  private var isDestroyed = false

  /// Which events the client puts on its queue instead of calling back.
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
    // Without a queue for its log librdkafka prints on the terminal.
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
    // The main queue is read and its log events dropped; in a queue of its own the log would pile up.
    rd_kafka_set_log_queue(client, nil)
  }

  deinit {
    destroy()
  }

  /// Ends the client. A consumer has left its group before.
  func destroy() {
    guard !isDestroyed else { return }
    isDestroyed = true
    rd_kafka_destroy_flags(client, RD_KAFKA_DESTROY_F_NO_CONSUMER_CLOSE)
  }

  private static func string(_ text: [CChar]) -> String {
    String(decoding: text.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
  }
}
