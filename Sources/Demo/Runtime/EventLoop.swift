import CSystem
import Glibc

/// The one thread everything of the shop runs on: it sleeps in `poll` until a descriptor is readable or a timer due.
final class EventLoop {
  private var handlers: [Int32: () -> Void] = [:]
  private var descriptors: [pollfd] = []
  private var timers = TimerHeap()
  private var isStopped = false

  /// Calls `handler` whenever `descriptor` is readable.
  func watch(_ descriptor: Int32, handler: @escaping () -> Void) {
    handlers[descriptor] = handler
    descriptors = handlers.keys.map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
  }

  func unwatch(_ descriptor: Int32) {
    handlers[descriptor] = nil
    descriptors = handlers.keys.map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
  }

  /// Calls `action` once after so many milliseconds.
  func after(milliseconds: Int, _ action: @escaping () -> Void) {
    timers.add(due: Clock.monotonic() + UInt64(clamping: milliseconds) * 1_000_000, action)
  }

  /// Lets `run` return after what it is doing.
  func stop() {
    isStopped = true
  }

  /// Serves until `stop` is called.
  func run() {
    isStopped = false
    while !isStopped {
      serveTimers()
      if !isStopped { serveDescriptors() }
    }
  }

  private func serveTimers() {
    let now = Clock.monotonic()
    while !isStopped, let action = timers.takeDue(at: now) {
      action()
    }
  }

  private func serveDescriptors() {
    var ready = descriptors
    guard poll(&ready, nfds_t(ready.count), timeout()) > 0 else { return }
    for entry in ready where entry.revents != 0 {
      // An earlier handler may have removed this one.
      handlers[entry.fd]?()
    }
  }

  /// Milliseconds until the next timer, rounded up so that it is due on waking.
  private func timeout() -> Int32 {
    guard let due = timers.nextDue else { return -1 }
    let now = Clock.monotonic()
    return due <= now ? 0 : Int32(clamping: (due - now + 999_999) / 1_000_000)
  }
}
