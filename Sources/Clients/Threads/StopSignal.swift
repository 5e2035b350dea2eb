import CSystem
import Core
import Glibc
import Synchronization

/// Tells a thread that waits in `poll` that it is to end.
package final class StopSignal: Sendable {
  private let isSet = Atomic(false)
  private let reader: Int32
  private let writer: Int32

  /// Without a pipe the thread looks often enough by itself.
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

  /// On any thread, once.
  package func stop() {
    isSet.store(true, ordering: .releasing)
    if writer >= 0 { _ = write(writer, "!", 1) }
  }

  /// Waits until one of the descriptors is ready for its events, the time is up or `stop` was called. Gives what each is ready for.
  package func wait(_ descriptors: [(number: Int32, events: Int32)], atMost time: Duration) -> [Int32] {
    var waiting = descriptors.map { pollfd(fd: $0.number, events: Int16(truncatingIfNeeded: $0.events), revents: 0) }
    waiting.append(pollfd(fd: reader, events: Int16(POLLIN), revents: 0))
    let most = reader >= 0 ? Int64(60_000) : 200
    let milliseconds = Int32(clamping: max(0, min(most, (time.nanosecondsClamped + 999_999) / 1_000_000)))
    _ = poll(&waiting, nfds_t(waiting.count), milliseconds)
    return waiting.dropLast().map { Int32($0.revents) }
  }
}

/// Wakes one waiting thread from any other; C libraries may write to it too. Rings between two waits count as one.
package final class WakeUp: Sendable {
  /// An eventfd. Writing eight bytes to it wakes the thread that polls it.
  package let descriptor: Int32

  /// `nil` when the system has no more descriptors.
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

  /// Returns when it was rung since the last wait, or when the time is over.
  package func wait(until instant: ContinuousClock.Instant) {
    let rest = ContinuousClock.now.duration(to: instant).milliseconds.rounded(.up)
    var entry = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
    guard poll(&entry, 1, Int32(max(0, min(rest, 1e9)))) > 0 else { return }
    var count: UInt64 = 0
    _ = read(descriptor, &count, 8)
  }
}

/// Waiting on a thread of one's own.
package enum Sleep {
  private static let longest = Duration.milliseconds(50)

  /// Until the instant, or until `isOver` says so, which is asked a few times a second.
  package static func until(_ instant: ContinuousClock.Instant, _ isOver: () -> Bool) {
    while !isOver() {
      let rest = instant - ContinuousClock.now
      guard rest > .zero else { return }
      usleep(UInt32(clamping: max(1, min(rest, longest).nanosecondsClamped / 1000)))
    }
  }
}
