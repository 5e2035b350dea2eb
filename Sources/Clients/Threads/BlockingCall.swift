import Synchronization

/// Runs a call that may block in a C library on a thread of its own, so that the caller can stop waiting for it.
package final class BlockingCall<Answer: Sendable>: Sendable {
  private let result = Mutex<Answer?>(nil)

  /// Rings `bell` when `body` has returned. Without a thread for it there is never an answer.
  package init(bell: WakeUp, _ body: @escaping @Sendable () -> Answer) {
    let thread = WorkerThread()
    _ = thread.start { [self] in
      let answer = body()
      result.withLock { $0 = answer }
      bell.ring()
    }
    // Nobody waits for the thread itself.
    thread.join(patience: .zero)
  }

  /// `nil` until there is one.
  package var answer: Answer? { result.withLock { $0 } }
}
