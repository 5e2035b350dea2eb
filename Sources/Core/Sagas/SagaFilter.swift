/// A saga as input of a filter, before its row is created.
struct SagaCandidate: Filterable {
  let saga: Saga
  let names: SagaNames

  static let filterWords: [FilterWord<SagaCandidate>] = [
    .init("id", .id, isSearched: true) { candidate, _ in .texts(candidate.saga.keys.map(\.value)) },
    .init("type", .name, isSearched: true) { candidate, _ in .texts(candidate.type) },
    .init("status", .oneOf(SagaStatus.allCases.map(\.name) + SagaFlags.all.names), isSearched: true) { candidate, _ in
      .texts([candidate.saga.summary.status.name] + candidate.saga.summary.flags.names)
    },
    .init("step", isSearched: true) { candidate, _ in candidate.texts([candidate.saga.summary.step]) },
    .init("failed-step") { candidate, _ in candidate.texts([candidate.saga.summary.failedStep]) },
    .init("node", isSearched: true) { candidate, _ in
      candidate.texts([candidate.saga.summary.node] + candidate.saga.works.map(\.node))
    },
    .init("error", isSearched: true) { candidate, _ in .texts(candidate.saga.summary.error) },
    .init("trace", .id, isSearched: true) { candidate, _ in .texts(candidate.saga.traces.map(\.id.text)) },
    .init("topic") { candidate, _ in candidate.texts(candidate.saga.events.records.map(\.origin.topic)) },
    .init("pattern") { candidate, _ in
      .texts(candidate.saga.failures.compactMap { candidate.names.failures.pattern($0.pattern)?.text })
    },
    .init("age", .duration) { candidate, now in .duration(now - candidate.saga.summary.startedAt) },
    .init("started", .duration) { candidate, now in .duration(now - candidate.saga.summary.startedAt) },
    .init("updated", .duration) { candidate, now in .duration(now - candidate.saga.summary.updatedAt) },
    .init("ended", .duration) { candidate, now in .duration(candidate.saga.summary.endedAt.map { now - $0 }) },
  ]

  private var type: String { names.definitions[saga.definition].definition.type }

  private func texts(_ symbols: [Symbol]) -> FilterValue { .texts(symbols.compactMap(names.symbols.name)) }
}

/// One of the latest messages, with the saga that it belongs to.
struct EventCandidate: Filterable {
  let entry: RecentEvents.Entry
  let saga: SagaCandidate?
  let symbols: SymbolTable

  static let filterWords: [FilterWord<EventCandidate>] = [
    .init("id", .id, isSearched: true, value: ofSaga("id")),
    .init("type", .name, isSearched: true) { event, _ in .texts(event.symbols.text(event.entry.record.type)) },
    .init("topic", isSearched: true) { event, _ in .texts(event.symbols.text(event.entry.record.origin.topic)) },
    .init("node", isSearched: true) { event, _ in .texts(event.symbols.name(event.entry.record.node)) },
    .init("error", isSearched: true) { event, _ in .texts(event.entry.details?.error, event.entry.undecoded) },
    .init("status", .oneOf(SagaStatus.allCases.map(\.name) + SagaFlags.all.names), value: ofSaga("status")),
    .init("step", value: ofSaga("step")),
    .init("pattern", value: ofSaga("pattern")), .init("trace", .id, value: ofSaga("trace")),
    .init("age", .duration) { event, now in .duration(now - event.entry.record.time) },
  ]

  /// The saga's value for the word.
  private static func ofSaga(_ name: String) -> @Sendable (EventCandidate, Timestamp) -> FilterValue {
    { event, now in
      guard let saga = event.saga else { return .texts([]) }
      return SagaCandidate.filterWords.first { $0.word.name == name }?.value(saga, now) ?? .texts([])
    }
  }
}

/// Tables for finding the names of a saga's parts; created once per filter run over many sagas.
final class SagaNames: Sendable {
  let symbols: SymbolTable
  let definitions: [CompiledDefinition]
  let failures: FailurePatterns

  init(_ state: borrowing StoreState) {
    symbols = state.symbols
    definitions = state.sagas.definitions
    failures = state.failures
  }
}

extension SagaFlags {
  static let all: SagaFlags = [.stuck, .incomplete, .inconsistent]
}

extension SagaRow {
  package static let vocabulary = FilterVocabulary("sagas", SagaCandidate.self)
}

extension CompensationView {
  package static let vocabulary = FilterVocabulary("compensations", SagaCandidate.self)
}

extension EventRow {
  package static let vocabulary = FilterVocabulary("events", EventCandidate.self)
}
