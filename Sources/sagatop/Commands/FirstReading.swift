import Collectors
import Configuration
import Core
import TUI

/// Reading everything that is there once.
enum FirstReading {
  /// Until every source has given its first full reading; false when the time was up before.
  static func wait(for store: Store, _ bell: Bell, atMost timeout: Duration) -> Bool {
    let end = SystemClock.now() + timeout
    while !store.isComplete {
      let rest = end - SystemClock.now()
      guard rest > .zero else { return false }
      bell.wait(atMost: rest)
    }
    return true
  }

  /// Says on standard error which sources could not be read in time.
  static func complainOfMissing(in store: Store) {
    for source in store.sources where !source.isWhole {
      Output.complain("\(source.name): no full reading within the time: \(source.error ?? source.phase.rawValue)")
    }
  }

  /// Reads, writes what `text` makes of it, ends; `text` gives `nil` where the saga that was asked about is not there. Returns the
  /// program's exit code.
  static func answer(
    _ invocation: Invocation, _ settings: Settings, _ text: (Store, _ now: Timestamp, _ isComplete: Bool) -> String?
  ) throws -> Int32 {
    guard invocation.recording.files.isEmpty else {
      let (store, instant) = try ReplayStore.filled(invocation, settings)
      return deliver(invocation, text(store, instant, store.isComplete), store, isComplete: store.isComplete)
    }
    let bell: Bell
    do throws(TerminalError) { bell = try Bell() } catch { throw ConfigurationError([error.message]) }
    let settings = try SystemInference.settled(settings, atMost: invocation.timeout / 2)
    let watch = try Watch(settings) { bell.ring() }
    watch.start()
    let isComplete = wait(for: watch.store, bell, atMost: invocation.timeout)
    AuditIntake(watch.store).read()
    let text = text(watch.store, SystemClock.now(), isComplete)
    watch.stop()
    return deliver(invocation, text, watch.store, isComplete: isComplete)
  }

  private static func deliver(_ invocation: Invocation, _ text: String?, _ store: Store, isComplete: Bool) -> Int32 {
    if !isComplete { complainOfMissing(in: store) }
    guard let text else {
      let asked = invocation.words.first ?? ""
      Output.complain("no saga has the id `\(asked)`\(isComplete ? "" : " in what was read")")
      return isComplete ? ExitCode.noInput : ExitCode.unknown
    }
    let code = OutputTarget(path: invocation.output).write(text)
    return code == ExitCode.fine && !isComplete ? ExitCode.unknown : code
  }
}
