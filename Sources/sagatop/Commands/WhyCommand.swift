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
      let earlier = handle.flatMap { store.saga($0, now: now) }?.earlier ?? []
      return diagnosis.map { text($0, earlier, isComplete: isComplete) }
    }
  }

  private func text(_ diagnosis: Diagnosis, _ earlier: [RoundView], isComplete: Bool) -> String {
    guard invocation.format == .json else { return WhyText.text(diagnosis) }
    let document = WhyJSON.document(diagnosis, context: settings.context, isComplete: isComplete, earlier: earlier)
    return JSONWriter.write(document, isPretty: true) + "\n"
  }
}
