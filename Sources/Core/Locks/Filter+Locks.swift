/// What a filter's words are held against in the list of locks.
extension Filter {
  func matches(
    _ record: LockRecord, _ rank: LockState.Rank, in state: StoreState, now: Timestamp
  ) -> Bool {
    terms.allSatisfy { $0.isNegated != Self.holds($0.condition, record, rank, state, now) }
  }

  private static func holds(
    _ condition: Condition, _ record: LockRecord, _ rank: LockState.Rank, _ state: StoreState, _ now: Timestamp
  ) -> Bool {
    switch condition {
    case .olderThan(let age): now - rank.since > age
    case .youngerThan(let age): now - rank.since < age
    case .contains(.any, let text):
      [Field.id, .status, .node].contains { holds(.contains($0, text), record, rank, state, now) }
    case .contains(.id, let text): ASCIIMatch.contains(rank.key.key, text)
    case .contains(.type, let text):
      ASCIIMatch.contains(state.locks.definitions[record.definition].pattern.text, text)
    case .contains(.status, let text): ASCIIMatch.contains(record.verdict.rawValue, text)
    case .contains(.node, let text): record.holding?.holders.contains { ASCIIMatch.contains($0.text, text) } ?? false
    case .contains(.step, _), .contains(.error, _), .contains(.topic, _), .hasPattern: false
    }
  }
}
