import CSystem
import Glibc

/// The program, from its arguments to its exit status.
enum Program {
  static let usage: Int32 = 64

  static func run(_ words: [String]) -> Int32 {
    sg_keep_standard_streams()
    switch Result(catching: { () throws(UsageError) in try ArgumentParser.parse(words) }) {
    case .success(.help): return say(Usage.help)
    case .success(.version): return say(Usage.version)
    case .success(.run(let arguments)): return open(arguments)
    case .failure(let error):
      Output.write("sagatop-demo: \(error.message)\nTry 'sagatop-demo --help'.\n", to: STDERR_FILENO)
      return usage
    }
  }

  private static func say(_ text: String) -> Int32 {
    Output.write(text + "\n", to: STDOUT_FILENO) ? 0 : 1
  }

  private static func open(_ arguments: Arguments) -> Int32 {
    // Before the first thread starts, because threads inherit the signal mask.
    let signals = Descriptor(sg_signalfd([SIGINT, SIGTERM, SIGHUP, SIGCHLD], 4))
    signal(SIGPIPE, SIG_IGN)
    let loop = EventLoop()
    do {
      let system = try arguments.style.open(arguments, loop: loop, log: log(for: arguments)) { broker in
        Output.write(
          "sagatop-demo: Kafka is \(broker.description) at \(broker.bootstrap)\n", to: STDERR_FILENO)
      }
      let code = Supervisor(arguments, system: system, loop: loop, signals: signals).run()
      // Ledger lines are written when the broker acknowledges. Wait for them, so that every event visible to consumers is in the ledger.
      loop.after(milliseconds: 300) { loop.stop() }
      loop.run()
      system.close(loop: loop)
      if let failure = system.ledgerFailure { Output.write("sagatop-demo: \(failure)\n", to: STDERR_FILENO) }
      return code
    } catch {
      Output.write("sagatop-demo: \(error)\n", to: STDERR_FILENO)
      return Supervisor.unavailable
    }
  }

  /// The command owns the terminal: if there is a command, log only to a file.
  private static func log(for arguments: Arguments) throws(SystemFailure) -> Log {
    if let path = arguments.log { return try .appending(to: path) }
    return arguments.command.isEmpty ? .standardError() : .discarding()
  }
}
