import Synchronization

/// Counts events whose types were unknown when the system was inferred, and forwards everything. Safe on any thread.
package final class UnknownTypeCounter: ObservationSink {
  private struct State {
    var known: Set<Symbol>
    var count = 0
    var hasLate = false
  }

  private let state: Mutex<State>
  private let symbols: SymbolTable
  private let next: any ObservationSink

  /// `symbols` is the table of the batches.
  package init(_ inferred: InferredSystem, symbols: SymbolTable, next: any ObservationSink) {
    state = Mutex(State(known: Self.types(of: inferred, symbols)))
    self.symbols = symbols
    self.next = next
  }

  private static func types(of inferred: InferredSystem, _ symbols: SymbolTable) -> Set<Symbol> {
    let names = inferred.sagas.flatMap { $0.events.map(\.type) } + inferred.others.map(\.type)
    return Set(names.map(symbols.symbol))
  }

  /// The number of events of unknown types since the last `learn`.
  package var count: Int { state.withLock { $0.count } }

  /// Since the last `learn`, an event of an unknown type came that could not be decoded before: its schema was not available.
  package var hasLate: Bool { state.withLock { $0.hasLate } }

  /// Adds known types and resets the count.
  package func learn(_ inferred: InferredSystem) {
    let types = Self.types(of: inferred, symbols)
    state.withLock { state in
      state.known.formUnion(types)
      (state.count, state.hasLate) = (0, false)
    }
  }

  package var wantsOriginals: Bool { next.wantsOriginals }

  package func accept(_ batch: EventBatch) {
    state.withLock { state in
      let count = batch.events.count { !state.known.contains($0.type) }
      state.count += count
      if count > 0, !batch.withdrawn.isEmpty { state.hasLate = true }
    }
    next.accept(batch)
  }

  package func accept(_ status: SourceStatus) { next.accept(status) }
  package func accept(_ reading: LagSample) { next.accept(reading) }
  package func accept(_ reading: LockSample) { next.accept(reading) }
  package func accept(_ reading: ServiceSample) { next.accept(reading) }
  package func accept(_ sample: TraceSample) { next.accept(sample) }
  package func accept(_ sample: PodSample) { next.accept(sample) }
  package func accept(_ actions: [ActionRecord]) { next.accept(actions) }
}
