import Collectors
import Configuration
import Core

/// A store that is filled from a recording. Used by one thread. Going back in time rebuilds it.
final class ReplayStore {
  private let files: [String]
  private let settings: Settings
  private let clock = ObservationClock()
  private(set) var store: Store
  private(set) var player: RecordingPlayer

  init(_ files: [String], settings: Settings) throws(CommandFailure) {
    self.files = files
    let settings = try settings.origin == .none ? Self.inferred(files, settings) : settings
    self.settings = settings
    (store, player) = try Self.begin(files, settings, clock)
  }

  /// The store at the requested time of the requested recording, and that time.
  static func filled(
    _ invocation: Invocation, _ settings: Settings
  ) throws(CommandFailure) -> (Store, Timestamp) {
    let replay = try ReplayStore(invocation.recording.files, settings: settings)
    let instant = try replay.play(to: invocation.recording.at)
    for text in replay.player.complaints + replay.player.notes { Output.complain(text) }
    return (replay.store, instant)
  }

  /// Restarts at the beginning with an empty store.
  func rewind() throws(CommandFailure) { (store, player) = try Self.begin(files, settings, clock) }

  /// Infers the system from the recording if no definition is given.
  private static func inferred(_ files: [String], _ settings: Settings) throws(CommandFailure) -> Settings {
    let (symbols, clock) = (SymbolTable(), ObservationClock())
    let rest = Store(settings, symbols: symbols, now: { clock.time })
    let sampler = Sampler(symbols: symbols, hints: settings.hints, next: rest)
    do throws(RecordingError) {
      let player = try RecordingPlayer(files, system: settings.system, clock: clock, symbols: symbols, sink: sampler)
      while !sampler.isFull, player.step() {}
    } catch {
      throw CommandFailure(error.description, code: ExitCode.noInput)
    }
    let inferred = sampler.infer(name: settings.system.name)
    Output.complain(SystemInference.summary(inferred))
    return settings.inferred(inferred)
  }

  private static func begin(
    _ files: [String], _ settings: Settings, _ clock: ObservationClock
  ) throws(CommandFailure) -> (Store, RecordingPlayer) {
    let symbols = SymbolTable()
    let store = Store(settings, symbols: symbols, now: { clock.time })
    do throws(RecordingError) {
      return (
        store,
        try RecordingPlayer(files, system: settings.system, clock: clock, symbols: symbols, sink: store)
      )
    } catch {
      throw CommandFailure(error.description, code: ExitCode.noInput)
    }
  }

  /// Plays up to the time in `text`, or to the end if `text` is `nil`. Returns the time.
  func play(to text: String?) throws(CommandFailure) -> Timestamp {
    guard let text else {
      while player.step() {}
      return player.last
    }
    let start = player.next ?? player.last
    guard let time = ReplayTime.parse(text, start: start) else {
      throw CommandFailure(ReplayTime.expected(text), code: ExitCode.usage)
    }
    player.play(until: time)
    return time
  }
}
