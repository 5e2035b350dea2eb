/// One partition's log over time.
struct PartitionLog {
  struct Recreation: Sendable {
    var time: Timestamp
    /// The end that the log had before; `nil` where it was not seen.
    var end: Int64?
  }

  private(set) var start: Int64?
  private(set) var end: Int64?
  /// The last stable offset; `nil` where it was not read.
  private(set) var stable: Int64?
  private(set) var history = OffsetHistory()
  private(set) var recreation: Recreation?
  /// Since when a transaction is open whose first message has this offset.
  private(set) var open: (offset: Int64, since: Timestamp)?
  /// When a last stable offset was last read; `nil` where it never was.
  private(set) var stableReadAt: Timestamp?
  /// Without an answer for so long a transaction that was open is not told any more.
  private static let stablePatience = Duration.seconds(30)

  /// `true` when the log began anew since the last reading.
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

  /// Its topic was deleted and has come back. `end` is where the old log ended, where that is known.
  mutating func beginAnew(after end: Int64?, at time: Timestamp) {
    recreation = Recreation(time: time, end: end)
    history = OffsetHistory()
    open = nil
  }

  private mutating func noteStable(_ stable: Int64?, _ end: Int64, at time: Timestamp) {
    self.stable = stable
    guard let stable else {
      // One answer that is missed ends no transaction.
      if let last = stableReadAt, time - last > Self.stablePatience { open = nil }
      return
    }
    stableReadAt = time
    guard stable < end else { return open = nil }
    if open?.offset != stable { open = (stable, time) }
  }

  mutating func thin() { history.thin(to: LagState.Picture.samples) }

  /// How fast it grows; `nil` unless its end was read in this round, and before.
  func rate(over span: Duration) -> Double? { end == nil ? nil : history.rate(over: span) }

  /// Messages behind a commit, up to the high watermark. `empty` offsets behind it hold none. A commit beyond the end belongs to another
  /// log, and nothing follows from it.
  func lag(from committed: Int64?, empty: Int64 = 0) -> Known<Int64> {
    guard let end else { return .unknown("its log end offset is not known") }
    guard let committed else {
      guard let start, start == end else { return .unknown("it was never committed") }
      return 0
    }
    guard committed <= end else { return .unknown("its commit lies beyond the end of the log") }
    return .exact(max(0, end - first(from: committed) - empty))
  }

  /// Where a reader with this commit goes on.
  func first(from committed: Int64) -> Int64 { max(committed, min(start ?? committed, end ?? committed)) }

  /// Messages that lie in it.
  var count: Int64? {
    guard let start, let end else { return nil }
    return max(0, end - start)
  }
}

/// A transaction that was neither committed nor aborted yet.
package struct OpenTransaction: Sendable, Equatable {
  package var topic: String
  package var partition: Int32
  package var age: Known<Duration>
  /// Messages from its first one on: readers that wait for commits get none of them.
  package var waiting: Int64

  /// Longer than this no transaction should take: Kafka aborts one by itself after a minute unless its producer asks for more.
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
