import CSystem
import Configuration
import Core
import Glibc

/// Wakes one waiting thread from any other. Rings that nobody waits for yet are not lost.
final class WaitableBell: Sendable {
  private let descriptor: Int32

  init() throws(ConfigurationError) {
    descriptor = sg_eventfd()
    guard descriptor >= 0 else {
      throw ConfigurationError(["no eventfd: \(String(cString: strerror(errno)))"])
    }
  }

  deinit {
    close(descriptor)
  }

  func ring() {
    var one: UInt64 = 1
    _ = write(descriptor, &one, 8)
  }

  /// Returns at the next ring, or after the time.
  func wait(atMost duration: Duration) {
    var entry = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
    guard poll(&entry, 1, Int32(clamping: Int64(duration.milliseconds.rounded(.up)))) > 0 else { return }
    var count: UInt64 = 0
    _ = read(descriptor, &count, 8)
  }
}
