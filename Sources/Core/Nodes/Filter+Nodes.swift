/// What a filter's words are held against in the lists of nodes and members.
extension Filter {
  func matches(
    _ node: Symbol, _ standing: NodeSurvey.Standing, in state: StoreState, now: Timestamp
  ) -> Bool {
    terms.allSatisfy { $0.isNegated != Self.holds($0.condition, node, standing, state, now) }
  }

  private static func holds(
    _ condition: Condition, _ node: Symbol, _ standing: NodeSurvey.Standing, _ state: StoreState, _ now: Timestamp
  ) -> Bool {
    let record = state.nodes.records[node]
    switch condition {
    case .olderThan(let age): return record?.lastAt.map { now - $0 > age } ?? false
    case .youngerThan(let age): return record?.lastAt.map { now - $0 < age } ?? false
    case .contains(.any, let text), .contains(.id, let text), .contains(.node, let text):
      return ASCIIMatch.contains(state.symbols.text(node), text)
    case .contains(.status, let text): return ASCIIMatch.contains(standing.verdict.rawValue, text)
    case .contains(.step, let text):
      return record?.steps.counts.keys.contains { ASCIIMatch.contains(state.symbols.text($0), text) } ?? false
    case .contains(.type, _), .contains(.error, _), .contains(.topic, _), .hasPattern: return false
    }
  }

  func matches(_ row: NodeRow) -> Bool { matches(texts: [row.node] + row.groups) }

  func matches(_ row: MemberRow) -> Bool { matches(texts: [row.group, row.clientID, row.host]) }

  private func matches(texts: [String]) -> Bool {
    terms.allSatisfy { term in
      guard case .contains(let field, let text) = term.condition, [.any, .id, .node].contains(field) else {
        return term.isNegated
      }
      return term.isNegated != texts.contains { ASCIIMatch.contains($0, text) }
    }
  }
}
