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
  private let isDelivering = Atomic(false)
  /// What a report may take beyond its time-out.
  private static let lateness = Duration.seconds(1)
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
  /// behind; so it does a second after `timeout`, with exit code 3, unless its report is written by then or goes to standard output already.
  /// Without `timeout`, or with one of 0, a report takes as long as it takes. For commands that change nothing.
  func endProgram(within grace: Duration, timeout: Duration? = nil) {
    guard let wasTaken else { return }
    let end = timeout.flatMap { $0 > .zero ? ContinuousClock.now + $0 + Self.lateness : nil }
    let descriptor = descriptor
    let thread = WorkerThread()
    _ = thread.start { [self] in
      if !waitForFirst([descriptor, wasTaken.descriptor], until: end), !isDelivering.load(ordering: .relaxed) {
        AtomicFile.removeUnfinished()
        Output.complain("not done within --timeout; ended without a report")
        _exit(ExitCode.unknown)
      }
      _ = waitForFirst([descriptor, wasTaken.descriptor], until: nil)
      Sleep.until(.now + grace) { false }
      // Nobody took it where it still lies there.
      let waiting = sg_signalfd_take(descriptor)
      AtomicFile.removeUnfinished()
      _exit(ExitCode.signal(waiting != 0 ? waiting : number.load(ordering: .relaxed)))
    }
    thread.join(patience: .zero)
  }

  /// The report is written, or its reader has begun to take it and says how long that lasts: no time-out ends the program any more.
  func noteDelivery() { isDelivering.store(true, ordering: .relaxed) }

  /// Returns false when no signal came before `end`.
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
