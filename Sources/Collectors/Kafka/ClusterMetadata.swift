/// What a broker says of its cluster.
struct ClusterMetadata: Sendable {
  struct Partition: Sendable {
    var id: Int32
    /// The broker that leads it; negative when none does.
    var leader: Int32
  }

  /// `host:port` by broker id.
  var brokers: [Int32: String]
  var topics: [String: [Partition]]
}
