import CKafka

/// The reason why a Kafka client could not be created or why a call failed.
package struct KafkaError: Error, Equatable, CustomStringConvertible {
  package var description: String

  package init(description: String) {
    self.description = description
  }
}

/// A Kafka cluster and how to connect to it.
package struct KafkaAccess: Sendable {
  /// `host:port`, separated by commas.
  package var brokers: String
  /// Properties of librdkafka, passed on unchanged.
  package var properties: [(name: String, value: String)]

  package init(brokers: String, properties: [(name: String, value: String)] = []) {
    self.brokers = brokers
    self.properties = properties
  }
}

/// Which messages a client receives: all replicated messages, or only those that no open transaction can abort.
package enum Isolation: String, Sendable {
  /// The log end is the high watermark.
  case uncommitted = "read_uncommitted"
  /// The log end is the last stable offset.
  case committed = "read_committed"
}

/// Builds librdkafka configurations for each role of a client.
enum KafkaConfiguration {
  enum Role {
    /// Reads assigned partitions; commits nothing.
    case reader
    /// Sends requests only. It has no group, so it does not search for a coordinator.
    case admin
    /// Reads one message.
    case lookup
    /// Sends requests, and reads only a few messages at given offsets. The isolation defines which log end offset is
    /// requested.
    case fetch(Isolation)
    /// Joins a group and commits on explicit calls.
    case member(group: String)
    /// Publishes each message once, acknowledged by all replicas; single messages or batches.
    case producer(linger: Duration)
  }

  private typealias Property = (name: String, value: String)

  private static let common: [Property] = [
    ("client.id", "sagatop"),
    // With sparse connections, a bootstrap broker that is down can prevent the client from trying the next one.
    ("enable.sparse.connections", "false"),
  ]
  private static let consumer: [Property] = [
    ("socket.keepalive.enable", "true"), ("reconnect.backoff.max.ms", "2000"), ("fetch.wait.max.ms", "100"),
    ("fetch.error.backoff.ms", "250"), ("queued.max.messages.kbytes", "32768"),
    ("topic.metadata.refresh.interval.ms", "-1"), ("auto.offset.reset", "earliest"), ("check.crcs", "false"),
  ]
  /// Prevents a consumer from changing anything in the cluster.
  private static let harmless: [Property] = [
    ("enable.auto.commit", "false"), ("enable.auto.offset.store", "false"), ("enable.partition.eof", "true"),
    ("allow.auto.create.topics", "false"),
  ]

  /// Applies the role's defaults, then the operator's properties, which override them, then the fixed properties. Throws an error with
  /// the property's name if librdkafka does not know a property or rejects its value; secret values are not included. The caller owns the
  /// configuration.
  static func make(_ access: KafkaAccess, _ role: Role) throws(KafkaError) -> OpaquePointer {
    let tokens = try OpenIDConnect(access)
    guard let configuration = rd_kafka_conf_new() else { throw KafkaError(description: "no memory for a Kafka client") }
    var isProducer = false
    if case .producer = role { isProducer = true }
    let own = access.properties.filter { property in
      !(isProducer && isConsumers(property.name)) && !(tokens != nil && OpenIDConnect.takes(property.name))
    }
    let fixed: [Property] = [("bootstrap.servers", access.brokers), ("log.queue", "true")] + fixed(role)
    for (name, value) in common + defaults(role) + own + fixed {
      if let error = set(name, value, in: configuration) {
        rd_kafka_conf_destroy(configuration)
        throw error
      }
    }
    tokens?.add(to: configuration)
    return configuration
  }

  /// Creates the client. Takes ownership of the configuration, also on failure.
  static func client(
    _ type: rd_kafka_type_t, _ configuration: OpaquePointer, _ access: KafkaAccess
  ) throws(KafkaError) -> OpaquePointer {
    var text = [CChar](repeating: 0, count: 512)
    if let handle = rd_kafka_new(type, configuration, &text, text.count) {
      // Tokens are then fetched on a background thread, without a poll by the application.
      if OpenIDConnect.isWanted(access), let error = rd_kafka_sasl_background_callbacks_enable(handle) {
        rd_kafka_error_destroy(error)
      }
      return handle
    }
    // The configuration is not freed: with librdkafka 2.0.2, rd_kafka_conf_destroy crashes after rd_kafka_new has failed.
    throw KafkaError(description: "Kafka client for \(access.brokers): \(string(text))")
  }

  private static func defaults(_ role: Role) -> [Property] {
    switch role {
    case .reader, .admin, .lookup, .fetch, .member: consumer
    // The same partitioner as in the Java client, so that a key has the same partition.
    case .producer(let linger): [("linger.ms", "\(Int(linger.milliseconds))"), ("partitioner", "murmur2_random")]
    }
  }

  private static func fixed(_ role: Role) -> [Property] {
    switch role {
    case .reader: harmless + [("group.id", "sagatop-reader")]
    case .admin: harmless + [("group.id", "")]
    case .lookup: harmless + [("group.id", ""), ("auto.offset.reset", "error")]
    case .fetch(let isolation):
      harmless + [
        ("isolation.level", isolation.rawValue), ("group.id", ""), ("auto.offset.reset", "error"),
        ("queued.min.messages", "1"),
        ("fetch.message.max.bytes", "65536"),
      ]
    case .member(let group): harmless + [("group.id", group), ("enable.partition.eof", "false")]
    case .producer: [("enable.idempotence", "true"), ("acks", "all")]
    }
  }

  /// Consumer properties, for which a producer only logs warnings.
  private static func isConsumers(_ name: String) -> Bool {
    ["fetch.", "queued.m", "auto.offset", "check.crcs", "isolation.", "group.", "session.", "heartbeat."]
      .contains { name.hasPrefix($0) }
  }

  private static func set(_ name: String, _ value: String, in configuration: OpaquePointer) -> KafkaError? {
    var text = [CChar](repeating: 0, count: 512)
    switch rd_kafka_conf_set(configuration, name, value, &text, text.count) {
    case RD_KAFKA_CONF_OK: return nil
    case RD_KAFKA_CONF_UNKNOWN:
      return KafkaError(description: "Kafka property `\(name)` is not known to librdkafka \(version)")
    default:
      let isSecret = ["password", "secret", "key", "token"].contains { name.contains($0) }
      let reason = isSecret ? "its value is not accepted" : string(text)
      return KafkaError(description: "Kafka property `\(name)`: \(reason)")
    }
  }

  static func number(_ name: String, of configuration: OpaquePointer) -> Int32 {
    var text = [CChar](repeating: 0, count: 32)
    var size = text.count
    guard rd_kafka_conf_get(configuration, name, &text, &size) == RD_KAFKA_CONF_OK else { return 0 }
    return Int32(string(text)) ?? 0
  }

  static var version: String { String(cString: rd_kafka_version_str()) }

  /// librdkafka's error text without the "Local: " prefix.
  static func text(_ error: rd_kafka_resp_err_t) -> String {
    let text = String(cString: rd_kafka_err2str(error))
    return text.hasPrefix("Local: ") ? String(text.dropFirst(7)) : text
  }

  /// The text of a buffer up to its NUL terminator.
  private static func string(_ buffer: [CChar]) -> String {
    String(decoding: buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }
}
