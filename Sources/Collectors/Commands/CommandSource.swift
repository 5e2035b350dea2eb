import Clients
import Core

/// Reads what a command prints, line by line, and hands its messages over as events. The command is started again when it ends, and
/// ended with all that it has started when reading ends.
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

  /// What happened more than `since` before the start is left out. `now` is the clock for events without a time and for the status; `hide` takes
  /// secrets out of a message.
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

  /// What the status of a command is called.
  package static func name(of command: CommandDefinition) -> String { "command \(command.name)" }

  /// Starts the command on a thread of its own and returns at once. Everything that goes wrong from here on becomes a status.
  package func start() {
    var status = SourceStatus(.command, name: Self.name(of: command))
    sink.accept(status)
    if !thread.start({ [self] in run() }) {
      status.phase = .down
      status.error = "the system gives no thread to run `\(command.run.first ?? "")` with"
      sink.accept(status)
    }
  }

  /// Ends the command and waits for it, a second at most.
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
