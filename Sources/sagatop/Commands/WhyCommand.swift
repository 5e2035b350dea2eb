import Configuration
import Core
import Reports
import Text

/// `sagatop why SAGA`: reads what there is, says why the saga is where it is, ends.
struct WhyCommand {
  let invocation: Invocation
  let settings: Settings

  func run() throws -> Int32 {
    try FirstCatchUpWait.answer(invocation, settings) { store, now, isComplete in
      let handle = try invocation.words.first.flatMap { try store.saga(named: $0, now: now) }
      let diagnosis = handle.flatMap { store.diagnosis($0, now: now) }
      return diagnosis.map { text($0, isComplete: isComplete) }
    }
  }

  private func text(_ diagnosis: Diagnosis, isComplete: Bool) -> String {
    guard invocation.format == .json else { return WhyText.text(diagnosis) }
    return JSONWriter.write(
      WhyJSON.document(diagnosis, context: settings.context, isComplete: isComplete), isPretty: true) + "\n"
  }
}
