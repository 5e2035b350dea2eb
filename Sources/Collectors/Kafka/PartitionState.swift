import Clients
import Core

/// The read position of one partition.
struct PartitionState: Sendable {
  let id: TopicPartition
  let topic: Symbol
  /// First offset that was read, and the log end offset at that time. If it is read again: the offsets to read again.
  var first: Int64
  var end: Int64
  /// The next offset to be read.
  var next: Int64
  var isComplete: Bool
  /// The broker reports no message since the requested time. The last message is read to check this, because brokers that cannot look up
  /// offsets by time always report it.
  var isProbing = false
  /// Messages from this offset on are read; earlier ones are older than `since`.
  var present: Int64
  /// It will be read again from `next`; messages that arrive before that are skipped, because they will arrive again.
  var isRewinding = false
  /// Its messages are fetched. For other partitions only the end offset is requested from time to time.
  var isFollowed = false
  /// It waits for its turn to be followed.
  var isWaiting = false
  /// It is followed and not read up to `target` yet.
  var isBehind = false
  /// The last known log end offset.
  var target: Int64
  /// The round of its last message.
  var activeRound = 0

  /// Progress of the first reading, or of reading again: offsets read and offsets to read.
  var read: (done: Int64, all: Int64) {
    let all = max(0, end - first)
    return (isComplete ? all : min(max(0, next - first), all), all)
  }
}
