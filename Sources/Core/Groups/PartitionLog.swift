/// The state of one partition's log over time.
struct PartitionLog {
  struct Recreation: Sendable {
    var time: Timestamp
    /// The previous end of the log; `nil` if it was not seen.
    var end: Int64?
  }

  private(set) var start: Int64?
  private(set) var end: Int64?
  /// The last stable offset; `nil` if it was not read.
  private(set) var stable: Int64?
  private(set) var history = OffsetHistory()
  private(set) var recreation: Recreation?
  /// The first offset of the open transaction, and since when it has been seen.
  private(set) var open: (offset: Int64, since: Timestamp)?
  /// When a last stable offset was last read; `nil` if never.
  private(set) var stableReadAt: Timestamp?
  /// Without a response for this time an open transaction is no longer reported.
  private static let stablePatience = Duration.seconds(30)

  /// Returns `true` if the log was recreated since the last sample.
  @discardableResult
  mutating func note(_ offsets: PartitionOffsets, at time: Timestamp) -> Bool {
    start = offsets.start ?? start
    guard let end = offsets.end else {
      (self.end, stable) = (nil, nil)
      return false
    }
    let hasGoneBack = history.last.map { $0.offset > end } ?? false
    if hasGoneBack, let last = history.last { beginAnew(after: last.offset, at: time) }
    history.add(end, at: time)
    self.end = end
    noteStable(offsets.stable.map { min($0, end) }, end, at: time)
    return hasGoneBack
  }

  /// The topic was deleted and recreated. `end` is the end of the old log; `nil` if unknown.
  mutating func beginAnew(after end: Int64?, at time: Timestamp) {
    recreation = Recreation(time: time, end: end)
    history = OffsetHistory()
    open = nil
  }

  private mutating func noteStable(_ stable: Int64?, _ end: Int64, at time: Timestamp) {
    self.stable = stable
    guard let stable else {
      // One missing response does not end a transaction.
      if let last = stableReadAt, time - last > Self.stablePatience { open = nil }
      return
    }
    stableReadAt = time
    guard stable < end else { return open = nil }
    if open?.offset != stable { open = (stable, time) }
  }

  mutating func thin() { history.thin(to: LagState.Picture.samples) }

  /// Growth in messages per second; `nil` unless its end was read in this round and before.
  func rate(over span: Duration) -> Double? { end == nil ? nil : history.rate(over: span) }

  /// How long its end has been observed.
  var observed: Duration { history.span }

  /// Messages after a commit, up to the high watermark, without `empty` offsets, which contain none. A commit beyond the end belongs to
  /// another log: the lag is then unknown.
  func lag(from committed: Int64?, empty: Int64 = 0) -> Known<Int64> {
    guard let end else { return .unknown("its log end offset is not known") }
    guard let committed else {
      guard let start, start == end else { return .unknown("it was never committed") }
      return 0
    }
    guard committed <= end else { return .unknown("its commit lies beyond the end of the log") }
    return .exact(max(0, end - first(from: committed) - empty))
  }

  /// The offset from which a reader with this commit continues.
  func first(from committed: Int64) -> Int64 { max(committed, min(start ?? committed, end ?? committed)) }

  /// Number of messages in the log.
  var count: Int64? {
    guard let start, let end else { return nil }
    return max(0, end - start)
  }
}

/// A transaction that is neither committed nor aborted.
package struct OpenTransaction: Sendable, Equatable {
  package var topic: String
  package var partition: Int32
  package var age: Known<Duration>
  /// Messages from its first one on; `read_committed` consumers receive none of them.
  package var waiting: Int64

  /// Maximum expected duration: by default Kafka aborts a transaction after a minute, unless its producer requests more.
  static let longest = Duration.seconds(60)

  package init(topic: String, partition: Int32, age: Known<Duration>, waiting: Int64) {
    self.topic = topic
    self.partition = partition
    self.age = age
    self.waiting = waiting
  }

  /// "a transaction is open for 14m in payment-events/2, 1,463 messages wait behind it".
  package var sentence: String {
    LagPhrase.transaction(age, in: "\(topic)/\(partition)", waiting: waiting)
  }
}
