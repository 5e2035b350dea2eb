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
