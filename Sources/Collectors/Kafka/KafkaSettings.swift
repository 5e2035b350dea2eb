import Clients
import Core
import Text

/// Settings of the Kafka event source.
package struct KafkaSettings: Sendable {
  package var access: KafkaAccess
  package var topics: [NamePattern]
  /// How far back to read at the start.
  package var since: ReadSpan
  /// If there are more messages, approximately this number of the newest are read first, and the older ones after them.
  package var newest = 200_000
  /// Approximate number of older messages per slice.
  package var slice = 200_000
  /// Maximum number of bytes of a message body that are stored for display.
  package var bodyLimit: Int
  /// If there are more messages and `since` has no duration, approximately this number of the newest is read, all topics from the same
  /// instant; `nil` reads all. Each topic counts as at most `perTopic` messages.
  package var sample: (messages: Int, perTopic: Int)?
  /// Schemas of messages that are not JSON.
  package var schemas = SchemaSettings()

  /// Maximum number of messages that wait for their schemas. Further ones are read again later.
  package var mostHeld = 100_000

  package init(
    brokers: String, properties: [(name: String, value: String)] = [], topics: [NamePattern], since: ReadSpan = .usual,
    bodyLimit: Int = 4096
  ) {
    access = KafkaAccess(brokers: brokers, properties: properties)
    self.topics = topics
    self.since = since
    self.bodyLimit = bodyLimit
  }

  package var brokers: String { access.brokers }

  /// Whether topics that match may be created later.
  var mayFindTopics: Bool { topics.contains { $0.exactName == nil } }

  /// The broker's internal topics match only if they are named exactly.
  func wants(topic: String) -> Bool {
    topics.contains { $0.matches(topic) && (!topic.hasPrefix("__") || $0.exactName != nil) }
  }
}
