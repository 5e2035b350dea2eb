import CSystem
import Clients
import Core
import Glibc

/// A child process in its own session and process group, with stdout and stderr in pipes. Belongs to the thread that starts it: the
/// kernel kills the child when that thread ends. When sagatop ends, even by a crash, the whole process group is killed.
final class CommandProcess {
  struct Failure: Error {
    var text: String
  }

  let output: Int32
  let errors: Int32
  private let pid: pid_t
  private var status: Int32?

  init(_ words: [String]) throws(Failure) {
    let program = words.first ?? ""
    guard let outputs = Self.pipe() else { throw Self.failure(program) }
    guard let complaints = Self.pipe() else {
      let failure = Self.failure(program)
      for end in outputs { close(end) }
      throw failure
    }
    let null = open("/dev/null", O_RDONLY | O_CLOEXEC)
    let started = Self.spawn(words, input: null, output: outputs[1], error: complaints[1])
    let failure = Self.failure(program)
    for end in [outputs[1], complaints[1], null] where end >= 0 { close(end) }
    guard started > 0 else {
      for end in [outputs[0], complaints[0]] { close(end) }
      throw failure
    }
    (pid, output, errors) = (started, outputs[0], complaints[0])
  }

  deinit {
    end()
    close(output)
    close(errors)
  }

  /// The read end is non-blocking. The write end is blocking, as programs expect for their output.
  private static func pipe() -> [Int32]? {
    var ends: [Int32] = [-1, -1]
    guard Glibc.pipe(&ends) == 0 else { return nil }
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    _ = fcntl(ends[0], F_SETFL, O_NONBLOCK)
    return ends
  }

  private static func failure(_ program: String) -> Failure {
    Failure(text: "`\(program)` cannot be started: \(String(cString: strerror(errno)))")
  }

  private static func spawn(_ words: [String], input: Int32, output: Int32, error: Int32) -> pid_t {
    var arguments = words.map { strdup($0) } + [nil]
    defer { for text in arguments { free(text) } }
    var child = sg_child()
    (child.input, child.output, child.error, child.terminal) = (input, output, error, -1)
    child.death_signal = SIGKILL
    (child.own_session, child.guarded) = (true, true)
    return arguments.withUnsafeMutableBufferPointer { arguments in
      child.program = UnsafePointer(arguments[0])
      child.arguments = UnsafePointer(arguments.baseAddress)
      child.environment = UnsafePointer(environ)
      return sg_spawn(&child)
    }
  }

  /// The exit status, or 128 plus the signal number; `nil` while the process runs.
  func exitCode() -> Int32? {
    if status == nil {
      var ended: Int32 = 0
      if waitpid(pid, &ended, WNOHANG) == pid { status = ended }
    }
    return status.map(sg_exit_code)
  }

  /// Ends the whole process group: SIGTERM first, SIGKILL after at most 250 ms. Blocks.
  func end() {
    kill(-pid, SIGTERM)
    for _ in 0..<50 where exitCode() == nil { usleep(5000) }
    kill(-pid, SIGKILL)
    if status == nil, waitpid(pid, nil, 0) == pid { status = SIGKILL }
    sg_release(pid)
  }
}

/// The output of a process. Used only by the thread of the process.
struct ProcessOutput {
  private let process: CommandProcess
  private var open: [Int32]
  private var buffer = [UInt8](repeating: 0, count: 64 << 10)

  init(_ process: CommandProcess) {
    self.process = process
    open = [process.output, process.errors]
  }

  /// Both stdout and stderr have ended. A child of the process can keep them open after its exit.
  var isOver: Bool { open.isEmpty }

  /// Waits for at most `time`, and passes the available bytes to `take`. Returns false if there were none.
  mutating func read(
    _ stop: StopSignal, atMost time: Duration, _ take: (_ bytes: ArraySlice<UInt8>, _ isError: Bool) -> Void
  ) -> Bool {
    let ready = stop.wait(open.map { ($0, POLLIN) }, atMost: time)
    for (descriptor, events) in zip(open, ready) where events != 0 {
      let count = Glibc.read(descriptor, &buffer, buffer.count)
      if count > 0 {
        take(buffer[..<count], descriptor == process.errors)
      } else if count == 0 || errno != EAGAIN && errno != EINTR {
        open.removeAll { $0 == descriptor }
      }
    }
    return ready.contains { $0 != 0 }
  }
}

extension StopSignal {
  /// Calls `run` repeatedly until it is stopped, each time after the wait that the previous call returned.
  func untilStopped(_ run: () -> Duration) {
    while !isStopped {
      let pause = run()
      if !isStopped { _ = wait([], atMost: pause) }
    }
  }
}

/// The last line that the command wrote to stderr.
struct ErrorTail {
  private static let longest = 300

  private var splitter = LineSplitter(limit: longest)
  private var last: [UInt8] = []

  mutating func add(_ bytes: some Sequence<UInt8>) {
    var last = last
    splitter.add(bytes) { if !$0.isEmpty { last = $0 } }
    self.last = last
  }

  mutating func finish() {
    var last = last
    splitter.finish { last = $0 }
    self.last = last
  }

  var text: String? { last.isEmpty ? nil : String(decoding: last, as: UTF8.self) }
}
