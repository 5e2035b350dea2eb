import Synchronization

/// Keeps what sources read as samples to infer a system from. Safe on any thread.
package final class Sampler: ObservationSink {
  private struct State {
    var set = SampleSet()
    var sources: [String: SourceStatus] = [:]
  }

  private let state = Mutex(State())
  private let symbols: SymbolTable
  private let onChange: @Sendable () -> Void

  /// `onChange` is called on the sources' threads; it must be quick.
  package init(symbols: SymbolTable, onChange: @escaping @Sendable () -> Void = {}) {
    self.symbols = symbols
    self.onChange = onChange
  }

  package var samples: SampleSet { state.withLock { $0.set } }

  /// By name.
  package var sources: [SourceStatus] { state.withLock { $0.sources.values.sorted { $0.name < $1.name } } }

  /// What was there at the start was read, or as much as is kept.
  package var isComplete: Bool {
    state.withLock { $0.set.isFull || (!$0.sources.isEmpty && $0.sources.values.allSatisfy(\.isWhole)) }
  }

  package func accept(_ batch: EventBatch) {
    let messages =
      batch.events.map { ($0.origin, $0.time, $0.text) } + batch.undecoded.map { ($0.origin, $0.time, $0.text) }
    state.withLock { state in
      for (origin, time, slice) in messages {
        guard let message = Message(slice, of: batch.arena) else { continue }
        state.set.add(
          message, topic: symbols.text(origin.topic), partition: origin.partition, offset: origin.offset, time: time)
      }
    }
    onChange()
  }

  package func accept(_ status: SourceStatus) {
    state.withLock { $0.sources[status.name] = status }
    onChange()
  }

  package func accept(_ reading: LagReading) {}
  package func accept(_ reading: LockReading) {}
  package func accept(_ reading: ServiceReading) {}
  package func accept(_ actions: [ActionRecord]) {}
}
