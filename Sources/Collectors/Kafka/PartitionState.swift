import Clients
import Core

/// How far one partition has been read.
struct PartitionState: Sendable {
  let id: TopicPartition
  let topic: Symbol
  /// Where reading began, and the log end offset at that moment.
  var first: Int64
  let end: Int64
  /// The next offset to be read.
  var next: Int64
  var isComplete: Bool
  /// The broker says that nothing was written since the wanted instant. The last message tells whether that is so: brokers that
  /// cannot look up by time say it always.
  var isProbing = false
  /// It is about to be read from its start; what still comes of it meanwhile will come again.
  var isRewinding = false
  /// Its messages are fetched. Of the others the log's end is asked for now and then.
  var isFollowed = false
  /// It has something to read, and its turn has not come.
  var isWaiting = false
  /// It is followed and has not been read up to `target`.
  var isBehind = false
  /// The log end offset as it was told last.
  var target: Int64
  /// The round in which something last came of it.
  var activeRound = 0

  /// Share of the first reading: offsets read and offsets to read.
  var read: (done: Int64, all: Int64) {
    let all = max(0, end - first)
    return (isComplete ? all : min(max(0, next - first), all), all)
  }
}
