import Configuration
import Core
import Reports
import Text

/// `sagatop why SAGA`: reads what there is, says why the saga is where it is, ends.
struct WhyCommand {
  let invocation: Invocation
  let settings: Settings

  func run() throws -> Int32 {
    try FirstCatchUpWait.answer(invocation, settings, isReady: hasTraces) { store, now, isComplete in
      let handle = try invocation.words.first.flatMap { try store.saga(named: $0, now: now) }
      let traces = handle.flatMap { store.traces(of: $0, asks: false, now: now) }
      let diagnosis = handle.flatMap { store.diagnosis($0, now: now) }
      let earlier = handle.flatMap { store.saga($0, now: now) }?.earlier ?? []
      return diagnosis.map { text($0, earlier, traces, isComplete: isComplete) }
    }
  }

  /// The trace store has answered for the saga's traces, where it is asked at all.
  private func hasTraces(_ store: Store, _ now: Timestamp) -> Bool {
    let handle = invocation.words.first.flatMap { try? store.saga(named: $0, now: now) }
    return handle.flatMap { store.traces(of: $0, asks: true, now: now) }?.isSettled ?? true
  }

  private func text(
    _ diagnosis: Diagnosis, _ earlier: [RoundView], _ traces: SagaTraces?, isComplete: Bool
  ) -> String {
    guard invocation.format == .json else { return WhyText.text(diagnosis) }
    let document = WhyJSON.document(
      diagnosis, context: settings.context, isComplete: isComplete, earlier: earlier, traces: traces)
    return JSONWriter.write(document, isPretty: true) + "\n"
  }
}
