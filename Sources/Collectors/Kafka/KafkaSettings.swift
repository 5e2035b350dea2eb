import Clients
import Core
import Text

/// What the Kafka event source reads, and from where.
package struct KafkaSettings: Sendable {
  package var access: KafkaAccess
  package var topics: [NamePattern]
  /// How far back to read at the start.
  package var since: ReadSpan
  /// Of more messages than these the newest are read first, about so many, and the older ones behind them.
  package var newest = 200_000
  /// How many of the older ones are asked for at a time.
  package var slice = 200_000
  /// How many bytes of a message's body are kept for display.
  package var bodyLimit: Int
  /// Where more than these many messages lie there and `since` names no duration, about so many of the newest are read, of all topics
  /// from one instant on; `nil` reads all. A topic counts with `perTopic` at most.
  package var sample: (messages: Int, perTopic: Int)?
  /// By what messages are written that are no JSON.
  package var schemas = SchemaSettings()

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

  /// Topics that are wanted may appear at any time.
  var mayFindTopics: Bool { topics.contains { $0.exactName == nil } }

  /// The broker's own topics are meant only where they are named exactly.
  func wants(topic: String) -> Bool {
    topics.contains { $0.matches(topic) && (!topic.hasPrefix("__") || $0.exactName != nil) }
  }
}
