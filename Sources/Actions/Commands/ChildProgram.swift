import CSystem
import Core
import Glibc
import Text

/// A child process in its own session, without a terminal, and its output. Used only by the thread that started it.
final class ChildProgram {
  enum End {
    case exited(Int32)
    case killed(Int32)
    /// It was killed after the timeout.
    case late
  }

  private static let step: Int32 = 20

  private let pid: pid_t
  private let isGuarded: Bool
  private(set) var output: OutputTail
  private(set) var errors: OutputTail

  /// `variables` (`NAME=value`) are added to the environment. `isGuarded`: its process group is killed when this process ends.
  static func start(
    _ words: [String], variables: [String], isGuarded: Bool = false
  ) -> Result<ChildProgram, CommandSender.Failure> {
    guard let output = pipe(), let errors = pipe() else {
      return .failure(.init(message: "no pipe: \(String(cString: strerror(errno)))"))
    }
    let pid = spawn(words, variables, output.write, errors.write, isGuarded: isGuarded)
    let reason = errno
    close(output.write)
    close(errors.write)
    guard pid > 0 else {
      close(output.read)
      close(errors.read)
      return .failure(.init(message: "`\(words.first ?? "")`: \(String(cString: strerror(reason)))"))
    }
    return .success(ChildProgram(pid, OutputTail(output.read), OutputTail(errors.read), isGuarded: isGuarded))
  }

  private init(_ pid: pid_t, _ output: OutputTail, _ errors: OutputTail, isGuarded: Bool) {
    self.pid = pid
    self.isGuarded = isGuarded
    self.output = output
    self.errors = errors
  }

  deinit {
    close(output.descriptor)
    close(errors.descriptor)
    if isGuarded { sg_release(pid) }
  }

  func wait(timeout: Duration) -> End {
    let end = ContinuousClock.now + timeout
    var status: Int32 = 0
    while waitpid(pid, &status, WNOHANG) == 0 {
      guard ContinuousClock.now < end else { return kill() }
      var ready = [output, errors].filter(\.isOpen).map { pollfd(fd: $0.descriptor, events: Int16(POLLIN), revents: 0) }
      if ready.isEmpty { usleep(UInt32(Self.step) * 1000) } else { poll(&ready, nfds_t(ready.count), Self.step) }
      takeOutput()
    }
    takeOutput()
    // Output of other processes left in its group is ignored.
    let signal = status & 0x7f
    return signal == 0 ? .exited(sg_exit_code(status)) : .killed(signal)
  }

  private func takeOutput() {
    output.take()
    errors.take()
  }

  private func kill() -> End {
    Glibc.kill(-pid, SIGKILL)
    var status: Int32 = 0
    while waitpid(pid, &status, 0) < 0, errno == EINTR {}
    takeOutput()
    return .late
  }

  private static func pipe() -> (read: Int32, write: Int32)? {
    var ends: [Int32] = [0, 0]
    guard Glibc.pipe(&ends) == 0 else { return nil }
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    return (ends[0], ends[1])
  }

  private static func spawn(_ words: [String], _ variables: [String], _ output: Int32, _ errors: Int32, isGuarded: Bool)
    -> pid_t
  {
    let null = open("/dev/null", O_RDONLY | O_CLOEXEC)
    defer { close(null) }
    var child = sg_child()
    (child.input, child.output, child.error, child.terminal) = (null, output, errors, -1)
    (child.own_session, child.guarded) = (true, isGuarded)
    var arguments: [UnsafeMutablePointer<CChar>?] = words.map { strdup($0) } + [nil]
    var environment = environmentCopy() + variables.map { strdup($0) } + [nil]
    defer { (arguments + environment).forEach { free($0) } }
    return arguments.withUnsafeMutableBufferPointer { arguments in
      environment.withUnsafeMutableBufferPointer { environment in
        child.program = UnsafePointer(arguments[0])
        child.arguments = UnsafePointer(arguments.baseAddress)
        child.environment = UnsafePointer(environment.baseAddress)
        return sg_spawn(&child)
      }
    }
  }

  private static func environmentCopy() -> [UnsafeMutablePointer<CChar>?] {
    var copies: [UnsafeMutablePointer<CChar>?] = []
    var entry = environ
    while let text = entry.pointee {
      copies.append(strdup(text))
      entry += 1
    }
    return copies
  }
}

/// The last part of a program's output to a pipe.
struct OutputTail {
  private static let longest = 16_384
  /// Maximum number of chunks per call: a program that writes endlessly must not prevent its reader from checking the timeout.
  private static let mostChunks = 32

  let descriptor: Int32
  private var bytes: [UInt8] = []
  private(set) var isOpen = true

  init(_ descriptor: Int32) {
    self.descriptor = descriptor
    _ = fcntl(descriptor, F_SETFL, O_NONBLOCK)
  }

  var text: String { ByteText.text(bytes) }

  /// Reads the available output without blocking, up to a limit.
  mutating func take() {
    var chunk = [UInt8](repeating: 0, count: 4096)
    for _ in 0..<Self.mostChunks where isOpen {
      let count = read(descriptor, &chunk, chunk.count)
      if count < 0, errno == EINTR { continue }
      if count < 0, errno == EAGAIN { return }
      guard count > 0 else {
        isOpen = false
        return
      }
      bytes += chunk[..<count]
      if bytes.count > Self.longest { bytes.removeFirst(bytes.count - Self.longest) }
    }
  }
}

/// Runs a program once, without a shell. Blocks.
package enum ProgramCall {
  /// `variables` (`NAME=value`) are added to the environment. Returns an error text, or `nil` if the exit status is 0. After `timeout`
  /// the process group is killed.
  package static func run(_ words: [String], variables: [String], timeout: Duration) -> String? {
    let name = words.first ?? ""
    switch ChildProgram.start(words, variables: variables, isGuarded: true) {
    case .failure(let failure): return failure.message
    case .success(let child):
      switch child.wait(timeout: timeout) {
      case .exited(0): return nil
      case .exited(let code): return "`\(name)` ended with \(code)"
      case .killed(let signal): return "`\(name)` was killed by signal \(signal)"
      case .late: return "`\(name)` did not end in time"
      }
    }
  }
}
