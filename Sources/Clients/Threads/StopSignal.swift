import CSystem
import Core
import Glibc
import Synchronization

/// Notifies a thread that waits in `poll` that it must end.
package final class StopSignal: Sendable {
  private let isSet = Atomic(false)
  private let reader: Int32
  private let writer: Int32

  /// If no pipe can be created, `wait` returns every 200 ms instead.
  package init() {
    var ends: [Int32] = [-1, -1]
    if pipe(&ends) != 0 { ends = [-1, -1] }
    for end in ends where end >= 0 { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    (reader, writer) = (ends[0], ends[1])
  }

  deinit {
    for end in [reader, writer] where end >= 0 { close(end) }
  }

  package var isStopped: Bool { isSet.load(ordering: .acquiring) }

  /// May be called on any thread, but only once.
  package func stop() {
    isSet.store(true, ordering: .releasing)
    if writer >= 0 { _ = write(writer, "!", 1) }
  }

  /// Waits until a descriptor is ready for its events, `time` is over or `stop` was called. Returns the ready events of each descriptor.
  package func wait(_ descriptors: [(number: Int32, events: Int32)], atMost time: Duration) -> [Int32] {
    var waiting = descriptors.map { pollfd(fd: $0.number, events: Int16(truncatingIfNeeded: $0.events), revents: 0) }
    waiting.append(pollfd(fd: reader, events: Int16(POLLIN), revents: 0))
    let most = reader >= 0 ? Int64(60_000) : 200
    let milliseconds = Int32(clamping: max(0, min(most, (time.nanosecondsClamped + 999_999) / 1_000_000)))
    _ = poll(&waiting, nfds_t(waiting.count), milliseconds)
    return waiting.dropLast().map { Int32($0.revents) }
  }
}

/// Wakes one waiting thread from any thread; C libraries can write to its descriptor too. Several rings between two waits count as one.
package final class WakeUp: Sendable {
  /// An eventfd. Writing eight bytes to it wakes the thread that polls it.
  package let descriptor: Int32

  /// `nil` if the system has no free descriptors.
  package init?() {
    descriptor = sg_eventfd()
    if descriptor < 0 { return nil }
  }

  deinit {
    if descriptor >= 0 { close(descriptor) }
  }

  package func ring() {
    var one: UInt64 = 1
    _ = write(descriptor, &one, 8)
  }

  /// Returns when it was rung since the last wait, or at `instant`.
  package func wait(until instant: ContinuousClock.Instant) { wait(atMost: ContinuousClock.now.duration(to: instant)) }

  /// Returns when it was signalled since the last wait, when `other` is readable, or after `time`.
  package func wait(atMost time: Duration, or other: Int32 = -1) {
    let rest = time.milliseconds.rounded(.up)
    var entries = [descriptor, other].map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
    guard poll(&entries, 2, Int32(max(0, min(rest, 1e9)))) > 0 else { return }
    var count: UInt64 = 0
    _ = read(descriptor, &count, 8)
  }
}

/// Interruptible sleep for dedicated threads.
package enum Sleep {
  private static let longest = Duration.milliseconds(50)

  /// Sleeps until `instant`, or until `isOver` returns true. `isOver` is called at least every 50 ms.
  package static func until(_ instant: ContinuousClock.Instant, _ isOver: () -> Bool) {
    while !isOver() {
      let rest = instant - ContinuousClock.now
      guard rest > .zero else { return }
      usleep(UInt32(clamping: max(1, min(rest, longest).nanosecondsClamped / 1000)))
    }
  }
}
