/// One round of looking at a server's locks.
package struct LockSample: Sendable {
  /// The source's name, which tells servers apart.
  package var source: String
  /// When the round ended.
  package var time: Timestamp
  package var took: Duration
  /// Every acquisition and release since the last round is among `events`; else what happened between two rounds is not known.
  package var isExact: Bool
  /// All known locks, and those found in this round.
  package var locks: [LockObservation]
  /// Keys of known locks that are not there any more.
  package var gone: [String]
  /// In the order of time.
  package var events: [LockEvent]
  /// Keys of each counted pattern, as the last whole pass over the server's keys found them; `nil` before the first.
  package var counts: [Int]?
  /// Whole passes over the server's keys so far.
  package var passes: Int
  /// The part of the present pass that is done, 0 to 1.
  package var progress: Double
  /// Locks that were found and are not looked at, because there are too many.
  package var dropped: Int

  package init(
    source: String, time: Timestamp, took: Duration = .zero, isExact: Bool = false, locks: [LockObservation] = [],
    gone: [String] = [], events: [LockEvent] = [], counts: [Int]? = nil, passes: Int = 1, progress: Double = 1,
    dropped: Int = 0
  ) {
    self.source = source
    self.time = time
    self.took = took
    self.isExact = isExact
    self.locks = locks
    self.gone = gone
    self.events = events
    self.counts = counts
    self.passes = passes
    self.progress = progress
    self.dropped = dropped
  }
}
