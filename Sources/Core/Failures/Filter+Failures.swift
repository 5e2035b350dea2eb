/// What a filter's words are held against in the list of failure patterns.
extension Filter {
  func matches(_ pattern: FailurePattern, in state: StoreState, now: Timestamp) -> Bool {
    terms.allSatisfy { $0.isNegated != Self.holds($0.condition, pattern, state.symbols, now) }
  }

  private static func holds(
    _ condition: Condition, _ pattern: FailurePattern, _ symbols: SymbolTable, _ now: Timestamp
  ) -> Bool {
    switch condition {
    case .olderThan(let age): pattern.last.map { now - $0 > age } ?? false
    case .youngerThan(let age): pattern.last.map { now - $0 < age } ?? false
    case .hasPattern(let text): pattern.text == text
    case .contains(.any, let text):
      [Field.error, .step, .node].contains { holds(.contains($0, text), pattern, symbols, now) }
    case .contains(.error, let text):
      [pattern.text, pattern.example ?? ""].contains { ASCIIMatch.contains($0, text) }
    case .contains(.step, let text):
      pattern.steps.counts.keys.contains { ASCIIMatch.contains(symbols.text($0), text) }
    case .contains(.node, let text):
      pattern.nodes.counts.keys.contains { ASCIIMatch.contains(symbols.text($0), text) }
    case .contains(.id, _), .contains(.type, _), .contains(.status, _), .contains(.topic, _): false
    }
  }
}
