package typealias ActionQuery = ListQuery<ActionOrder, ActionRecord.ID>

package enum ActionOrder: String, RowOrder {
  /// Newest first.
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

/// The actions of operators, newest first. `total` is the number of stored actions.
package struct ActionList: ListView {
  package var window: ListWindow<ActionRecord>
  /// By outcome name, over all stored actions.
  package var counts: [String: Int]
  /// The problem of the audit log: not writable, truncated or modified. `nil` if none.
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

extension ActionRecord: TableRow, Filterable {
  package static let columns: [Column<ActionRecord>] = [
    .init("TIME", .time) { record, _ in .time(record.intendedAt) },
    .init("ACTION") { record, _ in .text(record.action.rawValue) },
    .init("SUBJECT") { record, _ in .text(record.subject) },
    .init("CONTEXT") { record, _ in .text(record.context) },
    .init("OUTCOME") { record, _ in .text(record.outcome.name) },
    .init("OPERATOR") { record, _ in .text(record.operator.name) },
    .init("DETAIL") { record, _ in
      let reason = record.reason.isEmpty ? nil : "(\(record.reason))"
      return .text([record.outcome.detail, reason].compactMap { $0 }.joined(separator: " "))
    },
  ]

  private static let outcomes = [
    "intended", "sent", "accepted", "refused", "unknown", "observed", "not observed", "failed again", "skipped",
    "cancelled",
  ]

  package static let filterWords: [FilterWord<ActionRecord>] = [
    .init("id", .id, isSearched: true) { record, _ in .texts(record.subject) },
    .init("action", .oneOf(ActionName.allCases.map(\.rawValue)), isSearched: true) { record, _ in
      .texts(record.action.rawValue)
    },
    .init("type", .name, isSearched: true) { record, _ in .texts(record.type) },
    .init("status", .oneOf(outcomes), isSearched: true) { record, _ in .texts(record.outcome.name) },
    .init("operator", isSearched: true) { record, _ in .texts(record.operator.name) },
    .init("reason", isSearched: true) { record, _ in .texts(record.reason) },
    .init("error", isSearched: true) { record, _ in .texts(record.outcome.detail) },
    .init("context", isSearched: true) { record, _ in .texts(record.context) },
    .init("intent") { record, _ in .texts(record.intent) },
    .init("attempts", .number) { record, _ in .count(record.attempt) },
    .init("age", .duration) { record, now in .duration(now - record.intendedAt) },
    .init("updated", .duration) { record, now in .duration(now - record.updatedAt) },
  ]

  package static let vocabulary = FilterVocabulary("actions", ActionRecord.self)
}
