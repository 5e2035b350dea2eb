import Core
import Synchronization

/// The time of the observation being passed to the store. A recording and its replay use it for verdicts, so both give the same result.
/// Thread-safe.
package final class ObservationClock: Sendable {
  private let nanoseconds: Atomic<Int64>

  package init(_ time: Timestamp = .distantPast) { nanoseconds = Atomic(time.nanoseconds) }

  package var time: Timestamp { Timestamp(nanoseconds: nanoseconds.load(ordering: .relaxed)) }

  func set(_ time: Timestamp) { nanoseconds.store(time.nanoseconds, ordering: .relaxed) }
}
