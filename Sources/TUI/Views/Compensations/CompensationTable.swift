import Core
import Text

/// The table of roll-backs.
struct CompensationTable {
  enum Field: CaseIterable {
    case saga, outcome, type, step, error, undone, owed, time, tries, trigger, age

    var order: CompensationOrder? {
      switch self {
      case .saga: .id
      case .outcome: .severity
      case .step: .step
      case .error: .error
      case .time: .duration
      case .age: .started
      case .type, .undone, .owed, .tries, .trigger: nil
      }
    }
  }

  let list: CompensationList
  let state: CompensationListState
  let now: Timestamp
  let glyphs: Glyphs
  private var look: SagaStyle { SagaStyle(glyphs: glyphs) }

  private static func column(_ field: Field, columns: Int) -> Table.Column {
    let isWide = columns >= 150
    switch field {
    case .saga: return .init("SAGA", width: isWide ? 20 : 9, priority: 0)
    case .outcome: return .init("OUTCOME", width: 14, priority: 1)
    case .type: return .init("TYPE", width: isWide ? 14 : 8, priority: 9)
    case .step: return .init("FAILED STEP", width: 12, priority: 2)
    case .error: return .init("ERROR", width: 14, idealWidth: isWide ? max(28, columns - 132) : 20, priority: 4)
    case .undone: return .init("UNDONE", width: 9, idealWidth: isWide ? 24 : 16, priority: 5)
    case .owed: return .init("LEFT", width: 9, idealWidth: isWide ? 24 : 12, priority: 6)
    case .time: return .init("TIME", width: 6, align: .right, priority: 3)
    case .tries: return .init("TRIES", width: 5, align: .right, priority: 10)
    case .trigger: return .init("TRIGGER", width: 9, idealWidth: isWide ? 20 : 9, priority: 8)
    case .age: return .init("BEGUN", width: 5, align: .right, priority: 7)
    }
  }

  private static func table(columns: Int, state: CompensationListState?, glyphs: Glyphs) -> ListTable {
    let sorted = state.flatMap { state in
      Field.allCases.firstIndex { $0.order == state.order }.map { (column: $0, isReversed: state.isReversed) }
    }
    return ListTable(columns: Field.allCases.map { column($0, columns: columns) }, sorted: sorted, glyphs: glyphs)
  }

  /// The column whose title lies at a column of the screen.
  static func field(at x: Int, in area: Rect) -> Field? {
    table(columns: area.width, state: nil, glyphs: .ascii).column(at: x, in: area).map { Field.allCases[$0] }
  }

  func draw(into frame: inout Frame, _ area: Rect) {
    let table = Self.table(columns: area.width, state: state, glyphs: glyphs)
    let selected = state.cursor.position - list.offset
    table.draw(into: &frame, area, count: list.rows.count, selected: selected) { row, column, width in
      cell(Field.allCases[column], list.rows[row], width)
    }
  }

  private func cell(_ field: Field, _ row: CompensationView, _ width: Int) -> StyledLine {
    switch field {
    case .saga: StyledLine(Truncation.middle(row.sagaID, columns: width, ellipsis: glyphs.ellipsis))
    case .outcome: outcome(row)
    case .type: StyledLine(row.type, .dim)
    case .step: known(row.failedStep)
    case .error: known(row.error, .error)
    case .undone: known(row.undone.isEmpty ? nil : row.undone.map(\.step).joined(separator: " "), .compensated)
    case .owed: known(row.owed.isEmpty ? nil : row.owed.map(\.step).joined(separator: " "), owedRole(row))
    case .time: StyledLine(Quantity.latency(row.duration(now: now)), row.isStuck ? .stuck : .text)
    case .tries: StyledLine(Quantity.count(row.attempts), row.attempts > 1 ? .warning : .dim)
    case .trigger: StyledLine(CompensationFacts.trigger(row.trigger), .dim)
    case .age: StyledLine(Quantity.age(now - row.startedAt))
    }
  }

  private func outcome(_ row: CompensationView) -> StyledLine {
    row.isStuck
      ? StyledLine("\(glyphs.stuck) stuck \(glyphs.compensating)", .stuck)
      : StyledLine("\(look.glyph(row.outcome)) \(row.outcome.name)", look.role(row.outcome))
  }

  private func owedRole(_ row: CompensationView) -> StyleRole {
    row.owed.contains(where: \.hasFailed) ? .failed : .compensating
  }

  private func known(_ text: String?, _ role: StyleRole = .text) -> StyledLine {
    text.map { StyledLine($0, role) } ?? StyledLine(Quantity.unknown, .dim)
  }
}
