import CSystem
import Configuration
import Glibc
import TUI

/// The executable: reads the command line and hands over to a command.
#if !FUZZED
  @main
#endif
enum Program {
  static let version = SG_VERSION

  /// With less, libraries abort the program when an allocation fails. A large watched system needs more.
  private static let leastAddressSpace: UInt64 = 128 << 20

  static func main() {
    sg_keep_standard_streams()
    signal(SIGPIPE, SIG_IGN)
    // A file size limit must cause a write error, not end the program.
    signal(SIGXFSZ, SIG_IGN)
    let space = sg_fit_address_space()
    guard space >= leastAddressSpace else {
      Output.complain("`ulimit -v` allows \(space >> 20) MiB of address space; 128 MiB are needed at least")
      end(ExitCode.unknown)
    }
    end(run(Array(Swift.CommandLine.arguments.dropFirst())))
  }

  /// Ends the program without the exit handlers of libraries. They free objects that threads may still use: OpenSSL's handler would crash a
  /// thread that computes a hash. All output has been written before.
  private static func end(_ code: Int32) -> Never { _exit(code) }

  private static func run(_ words: [String]) -> Int32 {
    // Used by completion scripts; not listed in the help.
    if words.first == "complete" { return Completion.run(Array(words.dropFirst())) }
    do throws(UsageError) {
      return try perform(try CommandLineParser.parse(words))
    } catch {
      let words = error.command == .live ? "sagatop --help" : "sagatop \(error.command.rawValue) --help"
      Output.complain("\(error.message)\nTry `\(words)`.")
      return ExitCode.usage
    }
  }

  private static func perform(_ invocation: Invocation) throws(UsageError) -> Int32 {
    switch invocation.command {
    case .help: return print(HelpText.text(invocation.topic))
    case .version: return print(VersionText.text)
    case .completion: return try complete(invocation.words)
    case .actions: return ActionsCommand(invocation: invocation).run()
    case .live, .snapshot, .why, .report, .ready, .initialize, .retry, .compensate, .act, .runs, .record, .replay,
      .aggregate:
      return configured(invocation)
    case .config: return ConfigCommand(invocation: invocation).run()
    case .doctor: return DoctorCommand(invocation).run()
    }
  }

  private static func print(_ text: String) -> Int32 {
    Output.write(text, to: STDOUT_FILENO)
    return ExitCode.fine
  }

  private static func complete(_ words: [String]) throws(UsageError) -> Int32 {
    guard words.count == 1, let shell = CompletionScript.Shell(rawValue: words[0]) else {
      throw UsageError(message: "completion: expected bash, zsh or fish", command: .completion)
    }
    return print(CompletionScript.text(shell))
  }

  private static func configured(_ invocation: Invocation) -> Int32 {
    var invocation = invocation
    if invocation.command == .initialize { invocation.overrides.preset = Presets.none }
    do {
      if invocation.command == .runs { return try RunsCommand(invocation: invocation).run() }
      let overrides = try RecordedSystem.laid(under: invocation)
      let resolver = SettingsResolver(overrides: overrides, environment: Environment.all)
      let settings = try resolver.resolve()
      for warning in settings.warnings { Output.complain(warning) }
      switch invocation.command {
      case .record: return try RecordCommand(invocation: invocation, settings: settings).run()
      case .aggregate: return try AggregateCommand(invocation: invocation, settings: settings).run()
      case .replay: return try ReplayCommand(invocation: invocation, settings: settings).run()
      case .snapshot where !invocation.recording.files.isEmpty:
        return try RecordedSnapshot(invocation: invocation, settings: settings).run()
      case .snapshot:
        var command = try SnapshotCommand(invocation: invocation, settings: settings)
        return try command.run()
      case .why: return try WhyCommand(invocation: invocation, settings: settings).run()
      case .ready: return try ReadyCommand(invocation: invocation, settings: settings).run()
      case .report: return try ReportCommand(invocation: invocation, settings: settings).run()
      case .initialize: return try InitCommand(invocation: invocation, settings: settings).run()
      case .retry, .compensate, .act: return try ActCommand(invocation: invocation, settings: settings).run()
      default: return try LiveCommand(settings, overrides: overrides).run()
      }
    } catch let failure as CommandFailure {
      Output.complain(failure.message)
      return failure.code
    } catch let failure as Delivery.Failure {
      return ended(by: failure)
    } catch let error as TerminalError {
      Output.complain(error.message)
    } catch {
      Output.complain("\(error)")
    }
    return ExitCode.configuration
  }

  private static func ended(by failure: Delivery.Failure) -> Int32 {
    switch failure {
    // The reader was closed, so no output is needed.
    case .readerGone: return ExitCode.fine
    case .interrupted(let number): return ExitCode.signal(number)
    case .failed(let failure):
      Output.complain(failure.message)
      return failure.code
    }
  }
}
