import Clients
import Core

/// What one look at all consumer groups found, and what it could not find out.
struct LagPoll {
  var reading: LagSample
  var metadata: ClusterMetadata
  /// Round trip of the first request.
  var latency: Duration
  /// What lies behind commits that stand is being fetched.
  var isFetching = false
  /// What did not answer in time; the next round may be luckier.
  var troubles: [String] = []
}
