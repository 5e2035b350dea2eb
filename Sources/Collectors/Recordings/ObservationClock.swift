import Core
import Synchronization

/// The time of the observation that a store is being given: by it a recording and its replay judge alike. Safe on any thread.
package final class ObservationClock: Sendable {
  private let nanoseconds: Atomic<Int64>

  package init(_ time: Timestamp = .distantPast) { nanoseconds = Atomic(time.nanoseconds) }

  package var time: Timestamp { Timestamp(nanoseconds: nanoseconds.load(ordering: .relaxed)) }

  func set(_ time: Timestamp) { nanoseconds.store(time.nanoseconds, ordering: .relaxed) }
}
