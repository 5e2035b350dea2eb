import CSystem
import Glibc

/// A child process that the kernel kills when this process ends, even by a crash.
struct ChildProcess {
  let pid: pid_t

  /// Which signals and terminal a child shares with this process.
  enum Place {
    /// A server without output, in its own session, so that terminal signals do not reach it.
    case background
    /// The command, in its own process group, in the foreground of the terminal if there is one.
    case foreground(terminal: Int32?)
  }

  /// Starts a program found in PATH; `nil` means the first word. Must be called on the main thread: the child is killed when the thread
  /// that started it ends.
  init(_ words: [String], program: String? = nil, environment: [String], place: Place) throws(ChildFailure) {
    let file = program ?? words.first ?? ""
    var child = sg_child()
    child.death_signal = SIGKILL
    (child.input, child.output, child.error, child.terminal) = (-1, -1, -1, -1)
    var silence: Descriptor?
    switch place {
    case .background:
      let null = Descriptor(open("/dev/null", O_RDWR | O_CLOEXEC))
      (child.input, child.output, child.error) = (null.number, null.number, null.number)
      child.own_session = true
      silence = null
    case .foreground(let terminal):
      // Unlike SIGKILL, it allows a full-screen program to restore the terminal.
      child.death_signal = SIGHUP
      child.own_group = true
      child.terminal = terminal ?? -1
    }
    pid = CStrings.with(words) { arguments in
      CStrings.with(environment) { environment in
        file.withCString { program in
          child.program = program
          child.arguments = arguments
          child.environment = environment
          return sg_spawn(&child)
        }
      }
    }
    let reason = errno
    withExtendedLifetime(silence) {}
    guard pid > 0 else { throw ChildFailure(program: file, code: reason) }
  }

  /// Waits until the port accepts connections, at most three seconds. Returns false after that time, or if the child has exited.
  func listens(on port: UInt16) -> Bool {
    for _ in 0..<600 {
      if waitpid(pid, nil, WNOHANG) != 0 { return false }
      if LoopbackSocket.accepts(port: port) { return true }
      usleep(5000)
    }
    return false
  }

  /// Sends `signal`, and SIGKILL after `patience` milliseconds. Blocks until the child has exited.
  func end(signal: Int32 = SIGTERM, patience: Int) {
    kill(pid, signal)
    for _ in 0..<max(1, patience / 5) {
      var status: Int32 = 0
      let result = waitpid(pid, &status, WNOHANG)
      if result == pid || (result < 0 && errno == ECHILD) { return }
      usleep(5000)
    }
    kill(pid, SIGKILL)
    waitpid(pid, nil, 0)
  }
}

/// A program could not be started.
struct ChildFailure: Error, CustomStringConvertible {
  let program: String
  /// The `errno` value.
  let code: Int32

  var description: String { "starting \(program): \(String(cString: strerror(code)))" }
}

/// The command for which the system is opened. It owns the terminal and has its own process group.
struct Command {
  enum State: Equatable {
    case running, stopped
    case ended(code: Int32)
  }

  private let child: ChildProcess
  /// The controlling terminal, if this process was in its foreground.
  private let terminal: Descriptor?

  /// Starts the command with the configuration path in SAGATOP_CONFIG.
  init(_ words: [String], configuration: String) throws(ChildFailure) {
    let kept = CStrings.environment().filter { !$0.hasPrefix("SAGATOP_CONFIG=") }
    let terminal = Self.ownedTerminal()
    self.terminal = terminal
    do {
      child = try ChildProcess(
        words, environment: kept + ["SAGATOP_CONFIG=\(configuration)"],
        place: .foreground(terminal: terminal?.number))
    } catch {
      Self.takeBack(terminal)
      throw error
    }
  }

  /// The state change since the last call.
  func poll() -> State {
    var status: Int32 = 0
    guard waitpid(child.pid, &status, WNOHANG | WUNTRACED) == child.pid else { return .running }
    return sg_has_stopped(status) ? .stopped : .ended(code: sg_exit_code(status))
  }

  /// Stops this process too when the command is suspended from the terminal, so that the shell shows its prompt. Both are continued
  /// together.
  func suspendTogether() {
    Self.takeBack(terminal)
    raise(SIGSTOP)
    if let terminal, tcgetpgrp(terminal.number) == getpgrp() {
      sg_set_foreground(terminal.number, child.pid)
    }
    kill(-child.pid, SIGCONT)
  }

  /// Sends the signal to the command's process group and waits until the command has exited. Sends SIGKILL after `patience` milliseconds.
  func end(by signal: Int32, patience: Int) {
    kill(-child.pid, signal)
    kill(-child.pid, SIGCONT)
    child.end(signal: signal, patience: patience)
  }

  /// Ends the remaining processes of the command's group and takes back the terminal.
  func cleanUp() {
    kill(-child.pid, SIGTERM)
    Self.takeBack(terminal)
  }

  private static func takeBack(_ terminal: Descriptor?) {
    if let terminal { sg_set_foreground(terminal.number, getpgrp()) }
  }

  private static func ownedTerminal() -> Descriptor? {
    let terminal = Descriptor(open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY))
    return terminal.number >= 0 && tcgetpgrp(terminal.number) == getpgrp() ? terminal : nil
  }
}
