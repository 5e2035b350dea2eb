/// What a filter's words are held against.
extension Filter {
  func matches(_ saga: Saga, in state: StoreState, now: Timestamp) -> Bool {
    terms.allSatisfy { $0.isNegated != Self.holds($0.condition, saga, state, now) }
  }

  private static func holds(_ condition: Condition, _ saga: Saga, _ state: StoreState, _ now: Timestamp) -> Bool {
    switch condition {
    case .olderThan(let age): now - saga.summary.startedAt > age
    case .youngerThan(let age): now - saga.summary.startedAt < age
    case .hasPattern(let text): saga.failures.contains { state.failures.pattern($0.pattern)?.text == text }
    case .contains(.any, let text): Field.ofSagas.contains { holds(.contains($0, text), saga, state, now) }
    case .contains(.id, let text): saga.keys.contains { ASCIIMatch.contains($0.value, text) }
    case .contains(.type, let text): ASCIIMatch.contains(state.sagas.definitions[saga.definition].definition.type, text)
    case .contains(.status, let text):
      ([saga.summary.status.name] + saga.summary.flags.names).contains { ASCIIMatch.contains($0, text) }
    case .contains(.step, let text): ASCIIMatch.contains(state.symbols.text(saga.summary.step), text)
    case .contains(.node, let text):
      ([saga.summary.node] + saga.works.map(\.node)).contains { ASCIIMatch.contains(state.symbols.text($0), text) }
    case .contains(.error, let text): saga.summary.error.map { ASCIIMatch.contains($0, text) } ?? false
    case .contains(.topic, let text):
      saga.events.records.contains { ASCIIMatch.contains(state.symbols.text($0.origin.topic), text) }
    }
  }

  func matches(_ entry: RecentEvents.Entry, in state: StoreState, now: Timestamp) -> Bool {
    terms.allSatisfy { $0.isNegated != Self.holds($0.condition, entry, state, now) }
  }

  private static func holds(
    _ condition: Condition, _ entry: RecentEvents.Entry, _ state: StoreState, _ now: Timestamp
  ) -> Bool {
    let saga = entry.saga.flatMap { state.sagas[$0] }
    switch condition {
    case .olderThan(let age): return now - entry.record.time > age
    case .youngerThan(let age): return now - entry.record.time < age
    case .hasPattern: return saga.map { holds(condition, $0, state, now) } ?? false
    case .contains(.any, let text): return Field.ofEvents.contains { holds(.contains($0, text), entry, state, now) }
    case .contains(.type, let text): return ASCIIMatch.contains(state.symbols.text(entry.record.type), text)
    case .contains(.topic, let text): return ASCIIMatch.contains(state.symbols.text(entry.record.origin.topic), text)
    case .contains(.node, let text): return ASCIIMatch.contains(state.symbols.text(entry.record.node), text)
    case .contains(.error, let text):
      return [entry.details.error, entry.undecoded].compactMap { $0 }.contains { ASCIIMatch.contains($0, text) }
    case .contains(.id, _), .contains(.status, _), .contains(.step, _):
      return saga.map { holds(condition, $0, state, now) } ?? false
    }
  }
}

extension Filter.Field {
  fileprivate static let ofSagas: [Filter.Field] = [.id, .type, .status, .step, .node, .error]
  fileprivate static let ofEvents: [Filter.Field] = [.id, .type, .topic, .node, .error]
}
