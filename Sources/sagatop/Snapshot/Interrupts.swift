import CSystem
import Core
import Glibc

/// The signals that ask a program to end, taken when it suits: nothing is cut off in the middle.
final class Interrupts {
  private static let signals: [Int32] = [SIGINT, SIGTERM, SIGHUP]

  let descriptor: Int32
  /// The first that came.
  private var number: Int32?

  /// Blocks them in the calling thread, and so in all that are started later: make it before any other thread is.
  init() throws(CommandFailure) {
    descriptor = sg_signalfd(Self.signals, Int32(Self.signals.count))
    guard descriptor >= 0 else {
      throw CommandFailure("no signalfd: \(String(cString: strerror(errno)))", code: ExitCode.inputOutput)
    }
  }

  deinit { close(descriptor) }

  /// The signal that came, also again; `nil` when none did.
  var taken: Int32? {
    if number == nil { _ = takeNext() }
    return number
  }

  /// Whether one was taken.
  var hasAny: Bool { number != nil }

  /// The next signal, once; `nil` when none came since the last.
  func takeNext() -> Int32? {
    let next = sg_signalfd_take(descriptor)
    guard next != 0 else { return nil }
    if number == nil { number = next }
    return next
  }

  /// Until another one comes, or the time is over.
  func waitForNext(atMost duration: Duration) {
    var entry = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
    _ = poll(&entry, 1, Int32(max(0, min(duration.milliseconds.rounded(.up), 1e9))))
  }

  /// Until one comes, or the time is over.
  func wait(atMost duration: Duration) {
    if number == nil { waitForNext(atMost: duration) }
  }
}
