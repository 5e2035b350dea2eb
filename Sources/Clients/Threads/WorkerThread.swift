import CSystem
import Core
import Glibc
import Synchronization

/// A dedicated thread for work that blocks in a C library, and the flag that requests its end.
package final class WorkerThread: Sendable {
  private final class Work {
    let body: @Sendable () -> Void

    init(_ body: @escaping @Sendable () -> Void) {
      self.body = body
    }
  }

  private let thread = Mutex<pthread_t?>(nil)

  package init() {}

  /// A thread that was not joined is detached, so that it frees its stack when it ends.
  deinit {
    if let thread = thread.withLock({ $0 }) { pthread_detach(thread) }
  }

  /// Runs `body` on a new thread. Returns false if the system cannot create one.
  package func start(_ body: @escaping @Sendable () -> Void) -> Bool {
    let work = Unmanaged.passRetained(Work(body))
    var created = pthread_t()
    guard pthread_create(&created, nil, runWork, work.toOpaque()) == 0 else {
      work.release()
      return false
    }
    thread.withLock { $0 = created }
    return true
  }

  /// Waits until the thread has ended. Returns at once if it was not started or was already joined. A thread that does not end within
  /// `patience` is detached, and the result is false.
  @discardableResult
  package func join(patience: Duration) -> Bool {
    let joined = thread.withLock { thread in
      defer { thread = nil }
      return thread
    }
    return joined.map { sg_join_thread($0, max(0, patience.nanosecondsClamped)) } ?? true
  }

  fileprivate static func run(_ pointer: UnsafeMutableRawPointer) {
    Unmanaged<Work>.fromOpaque(pointer).takeRetainedValue().body()
  }
}

private func runWork(_ pointer: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
  if let pointer { WorkerThread.run(pointer) }
  return nil
}
