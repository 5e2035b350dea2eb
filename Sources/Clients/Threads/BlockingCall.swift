import Synchronization

/// Runs a call that may block in a C library on a separate thread, so that the caller can stop waiting for it.
package final class BlockingCall<Answer: Sendable>: Sendable {
  private let result = Mutex<Answer?>(nil)

  /// Rings `bell` when `body` has returned. If no thread can be created, there is never a result.
  package init(bell: WakeUp, _ body: @escaping @Sendable () -> Answer) {
    CallThread.run { [self] in
      let answer = body()
      result.withLock { $0 = answer }
      bell.ring()
    }
  }

  /// `nil` until the call has returned.
  package var answer: Answer? { result.withLock { $0 } }
}

/// A thread that runs one call after the other. Calls come every few seconds and usually return at once, so a thread waits for the next
/// call after it has finished one. A thread with a call that never returns is not reused.
private final class CallThread: Sendable {
  private static let idle = Mutex<[CallThread]>([])
  /// The thread exits after this time without work.
  private static let patience = Duration.seconds(60)

  private let call: Mutex<(@Sendable () -> Void)?>
  private let hasCall: WakeUp?

  private init(_ call: @escaping @Sendable () -> Void) {
    self.call = Mutex(call)
    hasCall = WakeUp()
  }

  static func run(_ call: @escaping @Sendable () -> Void) {
    if let waiting = idle.withLock({ $0.popLast() }) { return waiting.give(call) }
    let fresh = CallThread(call)
    let thread = WorkerThread()
    _ = thread.start { fresh.work() }
    // Detaches the thread.
    thread.join(patience: .zero)
  }

  private func give(_ next: @escaping @Sendable () -> Void) {
    call.withLock { $0 = next }
    hasCall?.ring()
  }

  private func take() -> (@Sendable () -> Void)? {
    call.withLock { call in
      defer { call = nil }
      return call
    }
  }

  private func work() {
    while let call = take() ?? wait() { call() }
  }

  /// Waits for the next call. `nil` if there was none in time.
  private func wait() -> (@Sendable () -> Void)? {
    guard let hasCall else { return nil }
    Self.idle.withLock { $0.append(self) }
    hasCall.wait(until: .now + Self.patience)
    let isLeaving = Self.idle.withLock { threads in
      guard let place = threads.firstIndex(where: { $0 === self }) else { return false }
      threads.remove(at: place)
      return true
    }
    // The caller that removed this thread from the list passes a call immediately.
    while !isLeaving {
      if let call = take() { return call }
      hasCall.wait(until: .now + Self.patience)
    }
    return nil
  }
}
