import CSystem
import Glibc

/// The event loop: everything runs on its thread. It blocks in `poll` until a descriptor is readable or a timer is due.
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

  /// Calls `action` once after `milliseconds`.
  func after(milliseconds: Int, _ action: @escaping () -> Void) {
    timers.add(due: Clock.monotonic() + UInt64(clamping: milliseconds) * 1_000_000, action)
  }

  /// Makes `run` return after the current handler.
  func stop() {
    isStopped = true
  }

  /// Runs until `stop` is called.
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
      // An earlier handler may have called `unwatch`.
      handlers[entry.fd]?()
    }
  }

  /// Milliseconds until the next timer, rounded up so that it is due when `poll` returns.
  private func timeout() -> Int32 {
    guard let due = timers.nextDue else { return -1 }
    let now = Clock.monotonic()
    return due <= now ? 0 : Int32(clamping: (due - now + 999_999) / 1_000_000)
  }
}

/// Actions sorted by due time; actions with the same due time keep their insertion order.
struct TimerHeap {
  private struct Entry {
    let due: UInt64
    let sequence: Int
    let action: () -> Void

    func precedes(_ other: Entry) -> Bool { (due, sequence) < (other.due, other.sequence) }
  }

  private var entries: [Entry] = []
  private var lastSequence = 0

  /// When the first action is due; `nil` if there is none.
  var nextDue: UInt64? { entries.first?.due }

  mutating func add(due: UInt64, _ action: @escaping () -> Void) {
    lastSequence += 1
    entries.append(Entry(due: due, sequence: lastSequence, action: action))
    var child = entries.count - 1
    while child > 0, entries[child].precedes(entries[(child - 1) / 2]) {
      entries.swapAt(child, (child - 1) / 2)
      child = (child - 1) / 2
    }
  }

  /// Removes and returns the first action if it is due at `now`.
  mutating func takeDue(at now: UInt64) -> (() -> Void)? {
    guard let first = entries.first, first.due <= now else { return nil }
    entries.swapAt(0, entries.count - 1)
    entries.removeLast()
    sink()
    return first.action
  }

  private mutating func sink() {
    var parent = 0
    while true {
      var least = parent
      for child in [2 * parent + 1, 2 * parent + 2]
      where child < entries.count && entries[child].precedes(entries[least]) {
        least = child
      }
      if least == parent { return }
      entries.swapAt(parent, least)
      parent = least
    }
  }
}
