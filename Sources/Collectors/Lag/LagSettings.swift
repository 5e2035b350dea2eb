import Core
import Text

/// Which consumer groups are looked at, and how often.
package struct LagSettings: Sendable {
  /// Where, and the topics that are shown whether a group reads them or not.
  package var kafka: KafkaSettings
  /// Which of the groups that the broker lists.
  package var patterns: [NamePattern]
  /// Groups that are asked for even where the broker lists none.
  package var groups: [String]
  /// Between the beginnings of two rounds; longer when rounds take long.
  package var interval: Duration
  /// No round takes longer; what has not come by then is not known.
  package var deadline: Duration
  /// After this long without an answer from a group's coordinator, another is looked for.
  package var patience: Duration

  package static let interval = Duration.seconds(2)

  /// Groups that are named exactly by a pattern are asked for in any case.
  package init(
    kafka: KafkaSettings, patterns: [NamePattern], groups: [String] = [], interval: Duration = Self.interval,
    deadline: Duration = .milliseconds(1500), patience: Duration = .seconds(15)
  ) {
    self.kafka = kafka
    self.patterns = patterns
    self.groups = groups + patterns.compactMap(\.exactName)
    self.interval = interval
    self.deadline = deadline
    self.patience = patience
  }
}
