import CSystem
import Collectors
import Configuration
import Core
import Glibc
import Reports
import TUI

/// `sagatop record FILE`: writes down what the sources tell until someone ends it.
struct RecordCommand {
  private static let flushInterval = Duration.milliseconds(500)

  let invocation: Invocation
  let settings: Settings

  func run() throws(ConfigurationError) -> Int32 {
    // The sources' threads must inherit the mask of signals.
    let signals = sg_signalfd([SIGINT, SIGTERM, SIGHUP], 3)
    guard signals >= 0 else { throw ConfigurationError(["no signalfd: \(String(cString: strerror(errno)))"]) }
    defer { close(signals) }
    let clock = ObservationClock()
    let symbols = SymbolTable()
    var made: RecordingSink?
    let watch = try Watch(
      settings, symbols: symbols,
      recorder: { store throws(ConfigurationError) in
        let sink = try self.sink(before: store, clock, symbols)
        made = sink
        return sink
      },
      now: { clock.time }, onChange: {})
    guard let sink = made else { return ExitCode.configuration }
    watch.start()
    follow(sink, watch.store, signals)
    watch.stop()
    let instant = sink.finish()
    let code = end(sink)
    guard let path = invocation.recording.snapshot else { return code }
    let written = OutputTarget(path: path).write(snapshot(watch.store, at: instant))
    return code == ExitCode.fine ? written : code
  }

  private func sink(
    before store: Store, _ clock: ObservationClock, _ symbols: SymbolTable
  ) throws(ConfigurationError) -> RecordingSink {
    let options = invocation.recording
    let header = RecordingHeader(
      version: Program.version, context: settings.context, isProtected: settings.isProtected,
      system: settings.system.name, startedAt: SystemClock.now(), masked: options.maskedTexts)
    var random = SystemRandomNumberGenerator()
    let mask = options.masked.isEmpty ? nil : RecordingMask(options.masked, random: &random)
    do throws(RecordingError) {
      return try RecordingSink(
        invocation.words[0], header: header, limits: options.limits, mask: mask, clock: clock, symbols: symbols,
        sink: store, now: SystemClock.now)
    } catch {
      throw ConfigurationError([error.description])
    }
  }

  /// Until a signal comes, the time is over or the recording has ended by itself.
  private func follow(_ sink: RecordingSink, _ store: Store, _ signals: Int32) {
    let end = invocation.recording.duration.map { SystemClock.now() + $0 }
    let isTerminal = isatty(STDERR_FILENO) == 1
    Output.complain("recording to \(invocation.words[0]); ^C ends it")
    while sg_signalfd_take(signals) == 0, sink.end == nil {
      let rest = end.map { $0 - SystemClock.now() } ?? Self.flushInterval
      guard rest > .zero else { break }
      var entry = pollfd(fd: signals, events: Int16(POLLIN), revents: 0)
      _ = poll(&entry, 1, Int32(clamping: Int(min(rest, Self.flushInterval).milliseconds.rounded(.up))))
      sink.flush()
      if isTerminal { Output.write("\r\(progress(sink, store))\u{1b}[K", to: STDERR_FILENO) }
    }
    if isTerminal { Output.write("\r\u{1b}[K", to: STDERR_FILENO) }
  }

  private func progress(_ sink: RecordingSink, _ store: Store) -> String {
    let figures = sink.figures
    let waiting = store.sources.filter { !$0.isComplete }.map { Sanitizer.sanitized($0.name[...]) }
    return "\(figures.messages) messages, \(figures.readings) readings, \(Quantity.bytes(figures.bytes))"
      + (waiting.isEmpty ? "" : "; still reading \(waiting.joined(separator: ", "))")
  }

  private func end(_ sink: RecordingSink) -> Int32 {
    let figures = sink.figures
    let text = "\(figures.messages) messages and \(figures.readings) readings in \(figures.bytes) bytes"
    switch sink.end {
    case nil: Output.complain("recorded \(text)")
    case .full: Output.complain("\(invocation.words[0]) is full: recorded \(text)")
    case .failed(let reason):
      Output.complain(reason)
      return ExitCode.inputOutput
    }
    return ExitCode.fine
  }

  private func snapshot(_ store: Store, at instant: Timestamp) -> String {
    var invocation = invocation
    invocation.format = .json
    return (try? SnapshotCommand(invocation: invocation, settings: settings).render(store, nil, now: instant)) ?? ""
  }
}
