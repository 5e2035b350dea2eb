import Clients
import Core

/// What a look at a cluster found: what may be read there, and how far its clock is from ours.
package struct KafkaExamination: Sendable {
  package struct Topic: Sendable {
    package var name: String
    package var access: TopicAccess
  }

  package var brokers: [String]
  package var latency: Duration
  /// Those that are meant, by name.
  package var topics: [Topic]
  /// What the broker's clock is ahead of ours, as messages told that arrived meanwhile; short by the time that they were under way.
  /// `nil` when none arrived.
  package var clockOffset: Duration?
}
