import CSystem
import Clients
import Core
import Glibc
import Synchronization

/// Handles termination signals at defined points, so that no work is interrupted in the middle.
final class Interrupts: Sendable {
  private static let signals: [Int32] = [SIGINT, SIGTERM, SIGHUP]

  let descriptor: Int32
  /// The first signal received; 0 if none.
  private let number = Atomic<Int32>(0)
  private let isDelivering = Atomic(false)
  /// Additional time for a report after its timeout.
  private static let lateness = Duration.seconds(1)
  /// Rung when a signal was taken.
  private let wasTaken = WakeUp()

  /// Blocks the signals in the calling thread and in all threads started later. Must be created before any other thread.
  init() throws(CommandFailure) {
    descriptor = sg_signalfd(Self.signals, Int32(Self.signals.count))
    guard descriptor >= 0 else {
      throw CommandFailure("no signalfd: \(String(cString: strerror(errno)))", code: ExitCode.inputOutput)
    }
  }

  deinit { close(descriptor) }

  /// The first signal received, also on later calls. `nil` if none.
  var taken: Int32? {
    if !hasAny { _ = takeNext() }
    return hasAny ? number.load(ordering: .relaxed) : nil
  }

  /// Whether a signal was taken.
  var hasAny: Bool { number.load(ordering: .relaxed) != 0 }

  /// Returns the next signal once. `nil` if there is no new signal.
  func takeNext() -> Int32? {
    let next = sg_signalfd_take(descriptor)
    guard next != 0 else { return nil }
    _ = number.compareExchange(expected: 0, desired: next, ordering: .relaxed)
    wasTaken?.ring()
    return next
  }

  /// Waits until another signal arrives or the time is over.
  func waitForNext(atMost duration: Duration) {
    var entry = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
    _ = poll(&entry, 1, Int32(max(0, min(duration.milliseconds.rounded(.up), 1e9))))
  }

  /// Waits until the first signal arrives or the time is over.
  func wait(atMost duration: Duration) {
    if !hasAny { waitForNext(atMost: duration) }
  }

  /// Starts a watchdog thread. It ends the program at most `grace` after the first signal and removes incomplete files. It also ends the
  /// program, with exit status 3, one second after `timeout`, unless the report is written or its output to standard output has started.
  /// If `timeout` is `nil` or 0, the report has no time limit. Only for commands that change nothing.
  func endProgram(within grace: Duration, timeout: Duration? = nil) {
    guard let wasTaken else { return }
    let end = timeout.flatMap { $0 > .zero ? ContinuousClock.now + $0 + Self.lateness : nil }
    let descriptor = descriptor
    let thread = WorkerThread()
    _ = thread.start { [self] in
      if !waitForFirst([descriptor, wasTaken.descriptor], until: end), !isDelivering.load(ordering: .relaxed) {
        AtomicFile.removeUnfinished()
        Output.complain("timeout: no report was written within --timeout")
        _exit(ExitCode.unknown)
      }
      _ = waitForFirst([descriptor, wasTaken.descriptor], until: nil)
      Sleep.until(.now + grace) { false }
      // The signal was not taken if it is still pending.
      let waiting = sg_signalfd_take(descriptor)
      AtomicFile.removeUnfinished()
      _exit(ExitCode.signal(waiting != 0 ? waiting : number.load(ordering: .relaxed)))
    }
    thread.join(patience: .zero)
  }

  /// The report is written, or its reader has started to read it: from now on the timeout does not end the program.
  func noteDelivery() { isDelivering.store(true, ordering: .relaxed) }

  /// Returns false if no signal arrived before `end`.
  private func waitForFirst(_ descriptors: [Int32], until end: ContinuousClock.Instant?) -> Bool {
    var entries = descriptors.map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
    while true {
      let rest = end.map { max(0, min((($0 - .now) / .milliseconds(1)).rounded(.up), 1e9)) } ?? -1
      let ready = poll(&entries, nfds_t(entries.count), Int32(rest))
      if ready == 0, rest > 0 { continue }
      if ready >= 0 || errno != EINTR { return ready != 0 }
    }
  }
}

extension WakeUp {
  /// Throws if the system has no free descriptors.
  static func make() throws(CommandFailure) -> WakeUp {
    guard let wakeUp = WakeUp() else {
      throw CommandFailure("no eventfd: \(String(cString: strerror(errno)))", code: ExitCode.inputOutput)
    }
    return wakeUp
  }
}
