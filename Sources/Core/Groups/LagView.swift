/// The consumer groups of the cluster and the topics that they read.
package struct LagView: Sendable, Equatable {
  /// The worst first, then the largest lag, then by name.
  package var groups: [GroupRow]
  /// How many groups there are, whatever `groups` was limited to.
  package var total: Int
  /// Per verdict, how many groups have it.
  package var counts: [LagVerdict: Int]
  /// The busiest first; dead-letter topics that hold messages before all others.
  package var topics: [TopicRow]
  /// When the last round was read; `nil` before the first.
  package var readAt: Timestamp?
  package var took: Duration?
  package var requests: Int?
  /// False where the broker cannot list its groups: only the configured ones are here.
  package var isListed: Bool

  /// Of all groups together: well only where each is known to be.
  package var health: Health {
    if counts.contains(where: { $0.key.isTrouble && $0.value > 0 }) { return .trouble }
    let well = (counts[.ok] ?? 0) + (counts[.warning] ?? 0)
    return readAt != nil && well > 0 && counts[.unknown] ?? 0 == 0 ? .well : .unknown
  }

  package init(
    groups: [GroupRow] = [], total: Int = 0, counts: [LagVerdict: Int] = [:], topics: [TopicRow] = [],
    readAt: Timestamp? = nil, took: Duration? = nil, requests: Int? = nil, isListed: Bool = true
  ) {
    self.groups = groups
    self.total = total
    self.counts = counts
    self.topics = topics
    self.readAt = readAt
    self.took = took
    self.requests = requests
    self.isListed = isListed
  }
}
