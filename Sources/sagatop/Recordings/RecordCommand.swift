import Collectors
import Configuration
import Core
import Glibc
import TUI
import Text

/// `sagatop record FILE`: records observations until it is stopped.
struct RecordCommand {
  /// Maximum time of data lost if the program is killed.
  private static let flushInterval = Duration.milliseconds(500)

  let invocation: Invocation
  let settings: Settings
  private let clock = ObservationClock()
  private let symbols = SymbolTable()

  init(invocation: Invocation, settings: Settings) {
    self.invocation = invocation
    self.settings = settings
  }

  func run() throws -> Int32 {
    // The sources' threads must inherit the signal mask.
    let interrupts = try Interrupts()
    let renderer = try snapshotRenderer()
    let (watch, sink) = try start()
    follow(sink, watch.store, interrupts)
    watch.stop()
    let instant = sink.finish()
    let code = end(sink)
    guard let path = invocation.recording.snapshot, let renderer else { return code }
    // The signal that ended the recording must not prevent writing the snapshot of its last instant.
    let store = try isToldByRecording ? recordedStore() : watch.store
    if case .failure(let error) = AtomicFile.write(try renderer.text(of: store, now: instant).text, to: path) {
      Output.complain(error.message)
      return code == ExitCode.fine ? ExitCode.inputOutput : code
    }
    return code
  }

  /// Whether the snapshot is made from the recording: masked values must not appear in it, and an undefined system is inferred after all
  /// messages were read.
  private var isToldByRecording: Bool { !invocation.recording.masked.isEmpty || settings.origin == .none }

  private func recordedStore() throws(CommandFailure) -> Store {
    let replay = try ReplayStore(
      RecordingWriter.files(of: invocation.words[0], limits: invocation.recording.limits), settings: settings)
    _ = try replay.play(to: nil)
    return replay.store
  }

  /// Messages are recorded without interpretation and without sampling.
  private var watched: Settings {
    var watched = settings
    if settings.origin == .none { watched.origin = .inference }
    return watched
  }

  private func start() throws -> (Monitor, RecordingSink) {
    var sink: RecordingSink?
    var failure: RecordingError?
    let clock = clock
    do {
      let watch = try Monitor(
        watched, reads: SourceKind.all.subtracting([.traces]), symbols: symbols,
        recorder: { store throws(ConfigurationError) in
          do throws(RecordingError) {
            let made = try self.sink(before: store)
            sink = made
            return made
          } catch {
            failure = error
            throw ConfigurationError([error.description])
          }
        },
        now: { clock.time }, onChange: {})
      guard let sink else { throw CommandFailure("nothing can be recorded", code: ExitCode.inputOutput) }
      watch.start()
      return (watch, sink)
    } catch {
      guard let failure else { throw error }
      throw CommandFailure(failure.description, code: ExitCode.inputOutput)
    }
  }

  private func sink(before store: Store) throws(RecordingError) -> RecordingSink {
    let options = invocation.recording
    let header = RecordingHeader(
      version: Program.version, context: settings.context, isProtected: settings.isProtected,
      system: settings.origin == .none ? Presets.none : settings.system.name, startedAt: SystemClock.now(),
      masked: options.maskedTexts)
    var random = SystemRandomNumberGenerator()
    let mask = options.masked.isEmpty ? nil : RecordingMask(options.masked, random: &random)
    return try RecordingSink(
      invocation.words[0], header: header, limits: options.limits, mask: mask, clock: clock, symbols: symbols,
      sink: store, now: SystemClock.now)
  }

  /// Renders the complete document, regardless of other options.
  private func snapshotRenderer() throws -> SnapshotRenderer? {
    guard invocation.recording.snapshot != nil else { return nil }
    var invocation = invocation
    invocation.command = .snapshot
    invocation.wantedFormat = .json
    return SnapshotRenderer(
      invocation: invocation, settings: settings, plan: try SnapshotPlan(invocation, settings))
  }

  /// Runs until a signal arrives, the time is over, or the recording ends by itself.
  private func follow(_ sink: RecordingSink, _ store: Store, _ interrupts: Interrupts) {
    let end = invocation.duration.map { SteadyClock.now() + $0 }
    let isTerminal = isatty(STDERR_FILENO) == 1
    let audit = AuditIntake(store, sink: sink, context: settings.context)
    Output.complain("recording to \(invocation.words[0]); ^C ends it")
    while interrupts.taken == nil, sink.end == nil {
      let rest = end.map { $0 - SteadyClock.now() } ?? Self.flushInterval
      guard rest > .zero else { break }
      interrupts.wait(atMost: min(rest, Self.flushInterval))
      // Actions contain names of persons and sagas, so they are not part of a masked recording.
      if invocation.recording.masked.isEmpty { audit.read() }
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
}
