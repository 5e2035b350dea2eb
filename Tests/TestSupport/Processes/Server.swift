import Glibc
import Synchronization

/// A program that runs during a test without output. It ends with the test, even if the test process crashes.
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

    /// The kernel kills a child when the thread that started it ends, so that thread waits for the child.
    func run() {
      let pid = Server.spawn(words)
      let reason = errno
      phase.withLock { $0 = pid > 0 ? .running(pid) : .failed(reason) }
      guard pid > 0 else { return }
      var information = siginfo_t()
      waitid(P_PID, id_t(pid), &information, WEXITED | WNOWAIT)
      // The pid is not reused until the child is reaped, and no signal is sent after the phase is `ended`.
      phase.withLock { $0 = .ended }
      waitpid(pid, nil, 0)
    }
  }

  private let life: Life

  /// Starts `words` with a PATH search.
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

  /// Ends the program with SIGKILL or, with `gently`, SIGTERM, and waits until it has exited.
  package func end(gently: Bool = false) {
    signal(gently ? SIGTERM : SIGKILL)
    guard !blockUntil(.seconds(5), { !isRunning }) else { return }
    signal(SIGKILL)
    _ = blockUntil { !isRunning }
  }

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
