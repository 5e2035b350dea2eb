import Clients
import Core

/// Runs a command, parses its output line by line, and delivers the messages as events. The command is restarted after it exits. Its
/// process group is ended when reading stops.
package final class CommandSource: Source {
  package static let kind = SourceKind.command

  private let command: CommandDefinition
  private let fields: CompiledFields
  private let symbols: SymbolTable
  private let since: Duration?
  private let sink: any ObservationSink
  private let hide: @Sendable ([UInt8]) -> [UInt8]
  private let now: @Sendable () -> Timestamp
  private let thread = WorkerThread()
  private let stopSignal = StopSignal()

  /// Events more than `since` before the start are skipped. `now` is the clock for events without a time and for the status; `hide` removes
  /// secrets from a message.
  package init(
    _ command: CommandDefinition, system: SystemDefinition, symbols: SymbolTable, since: Duration? = nil,
    sink: any ObservationSink, hide: @escaping @Sendable ([UInt8]) -> [UInt8] = { $0 },
    now: @escaping @Sendable () -> Timestamp = SystemClock.now
  ) {
    self.command = command
    fields = CompiledFields(system, symbols: symbols)
    self.symbols = symbols
    self.since = since
    self.sink = sink
    self.hide = hide
    self.now = now
  }

  /// The name of a command's status.
  package static func name(of command: CommandDefinition) -> String { "command \(command.name)" }

  /// Starts the command on a new thread and returns immediately. Later errors are reported in the status.
  package func start() {
    var status = SourceStatus(.command, name: Self.name(of: command))
    sink.accept(status)
    if !thread.start({ [self] in run() }) {
      status.phase = .down
      status.error = "the system gives no thread to run `\(command.run.first ?? "")` with"
      sink.accept(status)
    }
  }

  /// Ends the command and waits at most one second.
  package func stop() {
    stopSignal.stop()
    thread.join(patience: .seconds(1))
  }

  private func run() {
    let feed = MessageFeed(
      source: command.name, fields: fields, symbols: symbols, since: since.map { now() - $0 }, sink: sink,
      hide: hide)
    CommandReader(command, feed: feed, stop: stopSignal, sink: sink, now: now).run()
  }
}
