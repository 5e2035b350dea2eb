import CSystem
import Core
import Glibc

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
