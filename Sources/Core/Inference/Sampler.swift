import Synchronization
import Text

/// Collects a source's messages as samples to infer a system, and forwards the source's status. Safe on any thread.
package final class Sampler: ObservationSink {
  private struct State {
    var set = SampleSet()
    /// Per source: whether it has read the messages that were present at the start.
    var isWhole: [String: Bool] = [:]
  }

  private let state = Mutex(State())
  private let symbols: SymbolTable
  private let next: any ObservationSink
  private let hints: InferenceHints

  /// `next` receives everything except messages.
  package init(symbols: SymbolTable, hints: InferenceHints = InferenceHints(), next: any ObservationSink) {
    self.symbols = symbols
    self.hints = hints
    self.next = next
  }

  package var samples: SampleSet { state.withLock { $0.set } }
  /// The system inferred from the current samples.
  package func infer(name: String) -> InferredSystem { Inference.system(of: samples, name: name, hints: hints) }

  /// A description of the messages if nothing was inferred.
  package var profile: MessageProfile { MessageProfile(samples, hints: hints) }

  package var isFull: Bool { state.withLock { $0.set.isFull } }

  /// All messages present at the start are read, or the limit is reached.
  package var isComplete: Bool {
    state.withLock { state in
      state.set.isFull || (!state.isWhole.isEmpty && state.isWhole.values.allSatisfy { $0 })
    }
  }

  package func accept(_ batch: EventBatch) {
    let messages =
      batch.events.map { ($0.origin, $0.time, $0.text) } + batch.undecoded.map { ($0.origin, $0.time, $0.text) }
    let withdrawn = batch.withdrawn.map { (symbols.text($0.topic), $0.partition, $0.offset) }
    state.withLock { state in
      if !withdrawn.isEmpty { state.set.remove(withdrawn) }
      for (origin, time, slice) in messages where !state.set.isFull {
        guard let message = Message(slice, of: batch.arena) else { continue }
        state.set.add(
          message, topic: symbols.text(origin.topic), partition: origin.partition, offset: origin.offset, time: time)
      }
    }
  }

  package func accept(_ status: SourceStatus) {
    var status = status
    let (count, topics) = state.withLock { state in
      state.isWhole[status.name] = status.isSettled
      return (state.set.count, state.set.topics.count)
    }
    status.notes.insert(
      "looking at \(Quantity.grouped(count)) messages of \(topics) topics: no sagas found yet",
      at: 0)
    next.accept(status)
  }

  package var wantsOriginals: Bool { next.wantsOriginals }
  package func accept(_ reading: LagSample) { next.accept(reading) }
  package func accept(_ reading: LockSample) { next.accept(reading) }
  package func accept(_ reading: ServiceSample) { next.accept(reading) }
  package func accept(_ sample: TraceSample) { next.accept(sample) }
  package func accept(_ sample: PodSample) { next.accept(sample) }
  package func accept(_ actions: [ActionRecord]) { next.accept(actions) }
}
