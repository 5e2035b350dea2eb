/// What a filter's words are held against in the lists of groups and topics.
extension Filter {
  func matches(_ row: GroupRow) -> Bool {
    terms.allSatisfy { $0.isNegated != Self.holds($0.condition, row) }
  }

  private static func holds(_ condition: Condition, _ row: GroupRow) -> Bool {
    switch condition {
    case .olderThan(let age): return row.lagTime.age.map { $0 > age } ?? false
    case .youngerThan(let age): return row.lagTime.age.map { $0 < age } ?? false
    case .contains(let field, let text):
      let texts: [String] =
        switch field {
        case .any: [row.name, row.verdict.rawValue]
        case .id: [row.name]
        case .status: [row.verdict.rawValue, row.state?.rawValue ?? ""]
        case .topic: row.topics
        case .error: [row.error ?? ""]
        case .type, .step, .node: []
        }
      return texts.contains { ASCIIMatch.contains($0, text) }
    case .hasPattern: return false
    }
  }

  func matches(_ row: TopicRow) -> Bool {
    terms.allSatisfy { $0.isNegated != Self.holds($0.condition, row) }
  }

  private static func holds(_ condition: Condition, _ row: TopicRow) -> Bool {
    switch condition {
    case .contains(.any, let text), .contains(.topic, let text), .contains(.id, let text):
      ASCIIMatch.contains(row.topic, text)
    case .contains, .olderThan, .youngerThan, .hasPattern: false
    }
  }
}
