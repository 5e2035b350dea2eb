import Collectors
import Configuration
import Core
import Glibc
import Reports
import TUI

/// `sagatop why SAGA`: reads what there is, says why the saga is where it is, ends.
struct WhyCommand {
  let invocation: Invocation
  let settings: Settings

  func run() throws(ConfigurationError) -> Int32 {
    let bell: Bell
    do throws(TerminalError) { bell = try Bell() } catch { throw ConfigurationError([error.message]) }
    let watch = try Watch(settings) { bell.ring() }
    watch.start()
    let isComplete = FirstReading.wait(for: watch.store, bell, atMost: invocation.timeout)
    let diagnosis = diagnosis(watch.store)
    watch.stop()
    if !isComplete { FirstReading.complainOfMissing(in: watch.store) }
    guard let diagnosis else {
      Output.complain("no saga has the id `\(invocation.words[0])`\(isComplete ? "" : " in what was read")")
      return isComplete ? ExitCode.noInput : ExitCode.unknown
    }
    let code = OutputTarget(path: invocation.output).write(text(diagnosis, isComplete: isComplete))
    return code == ExitCode.fine && !isComplete ? ExitCode.unknown : code
  }

  private func diagnosis(_ store: Store) -> Diagnosis? {
    store.find(id: invocation.words[0]).flatMap { store.diagnosis($0, now: SystemClock.now()) }
  }

  private func text(_ diagnosis: Diagnosis, isComplete: Bool) -> String {
    guard invocation.format == .json else { return WhyText.text(diagnosis) }
    return JSONWriter.write(
      WhyJSON.document(diagnosis, context: settings.context, isComplete: isComplete), isPretty: true) + "\n"
  }
}
