import Glibc
import Synchronization

/// A program that runs beside a test, silent, and ends with it, however the test process ends.
package final class Server: Sendable {
  private final class Life: Sendable {
    enum Phase {
      case starting
      case running(pid_t)
      case ended
      case failed(Int32)
    }

    let words: [String]
    let phase = Mutex(Phase.starting)

    init(_ words: [String]) {
      self.words = words
    }

    /// The kernel ends a child with the thread that started it, so that thread waits for the child.
    func run() {
      let pid = Server.spawn(words)
      let reason = errno
      phase.withLock { $0 = pid > 0 ? .running(pid) : .failed(reason) }
      guard pid > 0 else { return }
      var information = siginfo_t()
      waitid(P_PID, id_t(pid), &information, WEXITED | WNOWAIT)
      // The number stays the child's until it is reaped, and nobody signals it once the phase says that it has ended.
      phase.withLock { $0 = .ended }
      waitpid(pid, nil, 0)
    }
  }

  private let life: Life

  /// Starts `words` along PATH.
  package init(_ words: [String]) throws {
    life = Life(words)
    var thread = pthread_t()
    let retained = Unmanaged.passRetained(life)
    guard pthread_create(&thread, nil, runLife, retained.toOpaque()) == 0 else {
      retained.release()
      throw TestFailure("no thread to start \(words[0]) with")
    }
    pthread_detach(thread)
    _ = blockUntil { if case .starting = self.life.phase.withLock({ $0 }) { false } else { true } }
    if case .failed(let reason) = life.phase.withLock({ $0 }) {
      throw TestFailure("\(words[0]) does not start: \(String(cString: strerror(reason)))")
    }
  }

  deinit {
    end()
  }

  package var isRunning: Bool {
    if case .running = life.phase.withLock({ $0 }) { true } else { false }
  }

  /// Ends the program at once, or after it has put its affairs in order, and waits until it is gone.
  package func end(gently: Bool = false) {
    signal(gently ? SIGTERM : SIGKILL)
    guard !blockUntil(.seconds(5), { !isRunning }) else { return }
    signal(SIGKILL)
    _ = blockUntil { !isRunning }
  }

  /// Stops the program where it is, or lets it go on.
  package func suspend() { signal(SIGSTOP) }
  package func resume() { signal(SIGCONT) }

  private func signal(_ number: Int32) {
    life.phase.withLock { phase in
      if case .running(let pid) = phase { kill(pid, number) }
    }
  }

  fileprivate static func run(_ pointer: UnsafeMutableRawPointer) {
    Unmanaged<Life>.fromOpaque(pointer).takeRetainedValue().run()
  }

  private static func spawn(_ words: [String]) -> pid_t {
    let null = open("/dev/null", O_RDWR | O_CLOEXEC)
    defer { close(null) }
    return Child.start(words, streams: null)
  }
}

private func runLife(_ pointer: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
  if let pointer { Server.run(pointer) }
  return nil
}
