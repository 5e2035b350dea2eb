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
