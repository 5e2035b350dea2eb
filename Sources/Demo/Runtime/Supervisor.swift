import CSystem
import Glibc

/// Runs the open system to its end: the command's end, a signal, or a server that died; and gives the exit code.
final class Supervisor {
  /// A needed program or server is not available.
  static let unavailable: Int32 = 69
  /// Milliseconds a command has to end after a signal.
  private static let patience = 3000

  private let arguments: Arguments
  private let loop: EventLoop
  private let system: any DemoSystem
  private let signals: Descriptor
  private var command: Command?
  private var exitCode: Int32 = 0
  private var isEnded = false

  init(_ arguments: Arguments, system: any DemoSystem, loop: EventLoop, signals: Descriptor) {
    self.arguments = arguments
    self.system = system
    self.loop = loop
    self.signals = signals
  }

  /// Serves until the end and returns the exit code.
  func run() -> Int32 {
    loop.watch(signals.number) { self.takeSignals() }
    if arguments.command.isEmpty {
      Output.write(system.reach(arguments.style), to: STDOUT_FILENO)
    } else {
      loop.after(milliseconds: arguments.leadMilliseconds - system.elapsed) { self.startCommand() }
    }
    loop.run()
    return exitCode
  }

  private func startCommand() {
    do {
      command = try Command(arguments.command, configuration: system.configuration)
    } catch {
      Output.write("sagatop-demo: \(error)\n", to: STDERR_FILENO)
      // As a shell says: found but not executable, or not found.
      end(error.code == ENOENT ? 127 : 126)
    }
  }

  private func takeSignals() {
    while !isEnded, case let signal = sg_signalfd_take(signals.number), signal != 0 {
      if signal == SIGCHLD { reap() } else { end(by: signal) }
    }
  }

  private func reap() {
    switch command?.poll() {
    case .ended(let code): end(code)
    case .stopped: command?.suspendTogether()
    case .running, nil: break
    }
    guard !isEnded, let server = system.endedServer() else { return }
    command?.end(by: SIGTERM, patience: Self.patience)
    Output.write(
      "sagatop-demo: \(server) ended by itself, so the \(arguments.style.rawValue) closes\n", to: STDERR_FILENO)
    end(Self.unavailable)
  }

  private func end(by signal: Int32) {
    command?.end(by: signal, patience: Self.patience)
    end(128 + signal)
  }

  private func end(_ code: Int32) {
    command?.cleanUp()
    isEnded = true
    exitCode = code
    loop.stop()
  }
}
