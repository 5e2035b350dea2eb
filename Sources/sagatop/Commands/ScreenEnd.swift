import Glibc
import TUI

/// How the screen ended: the exit status, and the reason unless the operator quit with a key.
extension EventLoop.End {
  var exitCode: Int32 {
    switch self {
    case .finished: ExitCode.fine
    case .interrupted: ExitCode.signal(SIGINT)
    case .signal(let number): ExitCode.signal(number)
    case .hangup: ExitCode.signal(SIGHUP)
    }
  }

  private var reason: String? {
    switch self {
    case .finished, .interrupted: nil
    case .signal(let number): "ended by \(Self.name(of: number))"
    case .hangup: "the terminal has gone away"
    }
  }

  private static func name(of number: Int32) -> String {
    [SIGINT: "SIGINT", SIGTERM: "SIGTERM", SIGHUP: "SIGHUP"][number] ?? "signal \(number)"
  }

  /// Restores the terminal. The reason is written to the log, if there is one, and to standard error.
  func close(_ screen: TerminalScreen) {
    if let reason { Output.complain(reason) }
    screen.close()
    if let reason { Output.complain(reason) }
  }
}
