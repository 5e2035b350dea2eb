package typealias ActionQuery = ListQuery<ActionOrder, ActionRecord.ID>

package enum ActionOrder: String, RowOrder {
  /// The latest first.
  case time
  case action
  case subject
  case outcome
  case `operator`

  package static let standard = ActionOrder.time

  package func key(_ row: ActionRecord) -> SortKey {
    switch self {
    case .time: .text(nil)
    case .action: .text(row.action.rawValue)
    case .subject: .id(row.subject)
    case .outcome: .text(row.outcome.name)
    case .operator: .text(row.operator.name)
    }
  }
}

extension ActionQuery {
  /// `all` stands in the standard order.
  package func window(of all: [ActionRecord], now: Timestamp) -> ListWindow<ActionRecord> {
    window(of: all) { filter.matches($0, now: now) }
  }
}

/// The actions of operators, the latest first. `total` are those that are kept.
package struct ActionList: ListView {
  package var window: ListWindow<ActionRecord>
  /// By the outcome's name, of all that are kept.
  package var counts: [String: Int]
  /// What is wrong with the audit log: it cannot be written, or it was cut or changed.
  package var problem: String?

  package init(
    _ window: ListWindow<ActionRecord> = ListWindow(), counts: [String: Int] = [:], problem: String? = nil
  ) {
    self.window = window
    self.counts = counts
    self.problem = problem
  }
}

extension ActionRecord: ListRow {
  package var rowID: ID { id }
}

/// What a filter's words are held against in the list of actions.
extension Filter {
  func matches(_ record: ActionRecord, now: Timestamp) -> Bool {
    terms.allSatisfy { $0.isNegated != Self.holds($0.condition, record, now) }
  }

  private static func holds(_ condition: Condition, _ record: ActionRecord, _ now: Timestamp) -> Bool {
    switch condition {
    case .hasPattern: return false
    case .olderThan(let age): return now - record.intendedAt > age
    case .youngerThan(let age): return now - record.intendedAt < age
    case .contains(let field, let text):
      let texts: [String] =
        switch field {
        case .any:
          [
            record.action.rawValue, record.subject, record.type, record.context, record.operator.name,
            record.outcome.name, record.outcome.detail ?? "", record.reason,
          ]
        case .id: [record.subject]
        case .type: [record.type]
        case .status: [record.outcome.name]
        case .error: [record.outcome.detail ?? ""]
        case .step, .node, .topic: []
        }
      return texts.contains { ASCIIMatch.contains($0, text) }
    }
  }
}
