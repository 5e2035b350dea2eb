import CSystem
import Glibc

/// Wakes the main loop from any thread. Calls between two turns of the loop count as one; waking never blocks.
package final class Wakeup: Sendable {
  let descriptor: Int32

  package init() throws(TerminalError) {
    descriptor = sg_eventfd()
    guard descriptor >= 0 else { throw TerminalError(message: "no eventfd: \(String(cString: strerror(errno)))") }
  }

  deinit {
    close(descriptor)
  }

  package func wake() {
    var one: UInt64 = 1
    _ = write(descriptor, &one, 8)
  }

  /// Waits until it is woken, until `other` may be read, or until the time is over. For a program without a loop.
  package func wait(atMost duration: Duration, or other: Int32 = -1) {
    var entries = [descriptor, other].map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
    let milliseconds = (Double(duration.components.seconds) + Double(duration.components.attoseconds) / 1e18) * 1000
    guard poll(&entries, 2, Int32(max(0, min(milliseconds.rounded(.up), 1e9)))) > 0 else { return }
    _ = take()
  }

  /// Whether it was woken since the last time.
  func take() -> Bool {
    var count: UInt64 = 0
    return read(descriptor, &count, 8) == 8
  }
}
