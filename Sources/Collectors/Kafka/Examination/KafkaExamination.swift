import Clients
import Core

/// The result of examining a cluster: access to its topics, and the offset of its clock.
package struct KafkaExamination: Sendable {
  package struct Topic: Sendable {
    package var name: String
    package var access: TopicAccess
  }

  package var brokers: [String]
  package var latency: Duration
  /// The configured topics, sorted by name.
  package var topics: [Topic]
  /// The broker's clock minus ours, from the timestamps of messages that arrived during the examination; too small by their latency. `nil`
  /// if none arrived.
  package var clockOffset: Duration?
}
