import CSystem
import Glibc

/// The command that the shop is opened for: it has the terminal, in a process group of its own.
struct Command {
  enum State: Equatable {
    case running, stopped
    case ended(code: Int32)
  }

  private let child: ChildProcess
  /// The controlling terminal, if this process had its foreground.
  private let terminal: Descriptor?

  /// Starts the command with SAGATOP_CONFIG naming the configuration.
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

  /// What became of the command since the last call.
  func poll() -> State {
    var status: Int32 = 0
    guard waitpid(child.pid, &status, WNOHANG | WUNTRACED) == child.pid else { return .running }
    return sg_has_stopped(status) ? .stopped : .ended(code: sg_exit_code(status))
  }

  /// The command was suspended from the terminal: this process stops too, so that the shell gets its prompt, and both
  /// go on together.
  func suspendTogether() {
    Self.takeBack(terminal)
    raise(SIGSTOP)
    if let terminal, tcgetpgrp(terminal.number) == getpgrp() {
      sg_set_foreground(terminal.number, child.pid)
    }
    kill(-child.pid, SIGCONT)
  }

  /// Sends the signal to the command's group and waits until the command is gone, by force after `patience`
  /// milliseconds.
  func end(by signal: Int32, patience: Int) {
    kill(-child.pid, signal)
    kill(-child.pid, SIGCONT)
    child.end(signal: signal, patience: patience)
  }

  /// Ends what the command left in its group and takes the terminal back.
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
