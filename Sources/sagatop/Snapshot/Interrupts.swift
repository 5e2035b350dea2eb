import CSystem
import Clients
import Core
import Glibc
import Synchronization

/// The signals that ask a program to end, taken when it suits: nothing is cut off in the middle.
final class Interrupts: Sendable {
  private static let signals: [Int32] = [SIGINT, SIGTERM, SIGHUP]

  let descriptor: Int32
  /// The first that came; 0 before.
  private let number = Atomic<Int32>(0)
  /// Rung when one was taken.
  private let wasTaken = WakeUp()

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
    if !hasAny { _ = takeNext() }
    return hasAny ? number.load(ordering: .relaxed) : nil
  }

  /// Whether one was taken.
  var hasAny: Bool { number.load(ordering: .relaxed) != 0 }

  /// The next signal, once; `nil` when none came since the last.
  func takeNext() -> Int32? {
    let next = sg_signalfd_take(descriptor)
    guard next != 0 else { return nil }
    _ = number.compareExchange(expected: 0, desired: next, ordering: .relaxed)
    wasTaken?.ring()
    return next
  }

  /// Until another one comes, or the time is over.
  func waitForNext(atMost duration: Duration) {
    var entry = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
    _ = poll(&entry, 1, Int32(max(0, min(duration.milliseconds.rounded(.up), 1e9))))
  }

  /// Until one comes, or the time is over.
  func wait(atMost duration: Duration) {
    if !hasAny { waitForNext(atMost: duration) }
  }

  /// From now on the program ends that long after the first signal at the latest, whatever it is doing, without a part of a file left
  /// behind. For commands that change nothing.
  func endProgram(within grace: Duration) {
    guard let wasTaken else { return }
    let descriptor = descriptor
    let thread = WorkerThread()
    _ = thread.start {
      var entries = [descriptor, wasTaken.descriptor].map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
      while poll(&entries, 2, -1) < 0, errno == EINTR {}
      Sleep.until(.now + grace) { false }
      // Nobody took it where it still lies there.
      let waiting = sg_signalfd_take(descriptor)
      AtomicFile.removeUnfinished()
      _exit(ExitCode.signal(waiting != 0 ? waiting : self.number.load(ordering: .relaxed)))
    }
    thread.join(patience: .zero)
  }
}
