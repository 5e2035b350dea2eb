import Collectors
import Configuration
import Core
import Glibc
import Reports
import Synchronization
import TUI

/// `sagatop snapshot`: collect once, print, end.
struct SnapshotCommand {
  let invocation: Invocation
  let settings: Settings

  func run() throws(ConfigurationError) -> Int32 {
    let bell = try WaitableBell()
    let watch = try Watch(settings) { bell.ring() }
    watch.start()
    let isComplete = wait(for: watch.store, bell)
    let text = render(watch.store)
    let code = deliver(text)
    watch.stop()
    guard code == ExitCode.fine, !isComplete else { return code }
    for source in watch.store.sources where !source.isComplete {
      Output.complain("\(source.name): no full reading within the time: \(source.error ?? source.phase.rawValue)")
    }
    return ExitCode.unknown
  }

  /// Until every source has given its first full reading, or the time is up.
  private func wait(for store: Store, _ bell: WaitableBell) -> Bool {
    let end = SystemClock.now() + invocation.timeout
    while !store.isComplete {
      let rest = end - SystemClock.now()
      guard rest > .zero else { return false }
      bell.wait(atMost: rest)
    }
    return true
  }

  private func render(_ store: Store) -> String {
    switch invocation.format {
    case .json:
      let document = SnapshotJSON.document(store.snapshot(now: SystemClock.now()), sections: invocation.sections)
      return JSONWriter.write(document, isPretty: true) + "\n"
    case .table:
      return SnapshotTable.text(store.snapshot(now: SystemClock.now()), sections: invocation.sections)
    case .screen:
      return ""
    }
  }

  private func deliver(_ text: String) -> Int32 {
    guard let path = invocation.output else {
      // A reader that has gone away has what it wanted.
      return Output.write(text, to: STDOUT_FILENO) || errno == EPIPE ? ExitCode.fine : ExitCode.inputOutput
    }
    switch AtomicFile.write(text, to: path) {
    case .success: return ExitCode.fine
    case .failure(let error):
      Output.complain(error.message)
      return ExitCode.inputOutput
    }
  }
}
