/// One round of looking at a cluster's consumer groups.
package struct LagSample: Sendable {
  /// When the log end offsets were read. Commits are read before them, so that a commit never lies beyond its end.
  package var time: Timestamp
  /// How long the round took.
  package var took: Duration
  /// Requests that it sent.
  package var requests: Int
  /// False where the broker cannot list groups, or may not: `groups` are then just those that are configured.
  package var isListed: Bool
  package var partitions: [PartitionOffsets]
  package var groups: [GroupSample]

  package init(
    time: Timestamp, took: Duration = .zero, requests: Int = 0, isListed: Bool = true,
    partitions: [PartitionOffsets] = [], groups: [GroupSample] = []
  ) {
    self.time = time
    self.took = took
    self.requests = requests
    self.isListed = isListed
    self.partitions = partitions
    self.groups = groups
  }
}
