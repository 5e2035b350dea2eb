/// All that the verdict on one partition of one group is drawn from.
struct PartitionEvidence {
  /// A commit that went back.
  struct Drop: Equatable, Sendable {
    var time: Timestamp
    var from: Int64
    var to: Int64
  }

  var now: Timestamp
  var committed: Int64?
  var start: Int64?
  var end: Int64?
  /// Whether the group has members; `nil` where that is not known.
  var hasMembers: Bool?
  /// When it was first read.
  var firstSeen: Timestamp
  /// When its commit last moved; `nil` while it was never seen to.
  var movedAt: Timestamp?
  /// The usual time between two moves of its commit.
  var commitGap: Duration?
  /// Messages that arrived since the commit last moved (or since it was first read).
  var arrived: Int64 = 0
  /// Since when messages have been waiting at every reading.
  var behindSince: Timestamp?
  var slope: Double?
  var readings: Int = 1
  /// The first lag of the window.
  var lagBefore: Int64?
  var drop: Drop?
  /// When the log was made anew, and the end that it had before.
  var recreated: (time: Timestamp, end: Int64)?
  var lagTime = LagTime.unknown
  var allowance = LagRules.Allowance()

  /// Messages unread.
  var lag: Known<Int64> = nil

  var isAllowed: Bool {
    if lag.holds(.atMost, allowance.messages) == true { return true }
    // Without an allowance only what is read is allowed: clocks that differ make young messages of old ones.
    return allowance.age > .zero && lagTime.known.holds(.atMost, allowance.age) == true
  }
}
