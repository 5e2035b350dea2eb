import Core
import Text

/// The table of failure patterns.
struct FailureTable {
  enum Field: CaseIterable {
    case pattern, new, count, sagas, rate, trend, first, last, steps, nodes

    var order: FailureOrder? {
      switch self {
      case .pattern: .pattern
      case .count: .count
      case .rate: .rate
      case .first: .first
      case .last: .last
      case .new, .sagas, .trend, .steps, .nodes: nil
      }
    }
  }

  let list: FailureList
  let state: CompensationListState
  let now: Timestamp
  let glyphs: Glyphs

  private static func column(_ field: Field, columns: Int) -> Table.Column {
    let isWide = columns >= 150
    switch field {
    case .pattern: return .init("ERROR", width: 24, idealWidth: isWide ? 70 : columns >= 110 ? 44 : 34, priority: 0)
    case .new: return .init("NEW", width: 5, priority: 3)
    case .count: return .init("COUNT", width: 6, align: .right, priority: 1)
    case .sagas: return .init("SAGAS", width: 5, align: .right, priority: 6)
    case .rate: return .init("/s", width: 5, align: .right, priority: 2)
    case .trend: return .init("TREND", width: 8, idealWidth: isWide ? 30 : 12, priority: 7)
    case .first: return .init("FIRST", width: 5, align: .right, priority: 8)
    case .last: return .init("LAST", width: 5, align: .right, priority: 4)
    case .steps: return .init("STEPS", width: 10, idealWidth: isWide ? 24 : 16, priority: 5)
    case .nodes: return .init("NODES", width: 8, idealWidth: .max, priority: 9)
    }
  }

  private static func table(columns: Int, state: CompensationListState?, glyphs: Glyphs) -> ListTable {
    let sorted = state.flatMap { state in
      Field.allCases.firstIndex { $0.order == state.patternOrder }
        .map { (column: $0, isReversed: state.isPatternReversed) }
    }
    return ListTable(columns: Field.allCases.map { column($0, columns: columns) }, sorted: sorted, glyphs: glyphs)
  }

  /// The column whose title lies at a column of the screen.
  static func field(at x: Int, in area: Rect) -> Field? {
    table(columns: area.width, state: nil, glyphs: .ascii).column(at: x, in: area).map { Field.allCases[$0] }
  }

  func draw(into frame: inout Frame, _ area: Rect) {
    let table = Self.table(columns: area.width, state: state, glyphs: glyphs)
    let selected = state.patterns.position - list.offset
    table.draw(into: &frame, area, count: list.rows.count, selected: selected) { row, column, width in
      cell(Field.allCases[column], list.rows[row], width)
    }
  }

  private func cell(_ field: Field, _ row: FailurePatternRow, _ width: Int) -> StyledLine {
    switch field {
    case .pattern: StyledLine(row.pattern, .error)
    case .new: row.isNew ? StyledLine("\(glyphs.stuck) new", .warning, .strong) : StyledLine()
    case .count: StyledLine((row.isLowerBound ? String(glyphs.atLeast) : "") + Quantity.count(row.count))
    case .sagas: StyledLine(Quantity.count(row.sagas))
    case .rate: StyledLine(LagText.perSecond(row.rate), row.rate == nil ? .dim : .text)
    case .trend: trend(row, width)
    case .first: StyledLine(Quantity.age(now - row.firstAt))
    case .last: StyledLine(Quantity.age(now - row.lastAt))
    case .steps: StyledLine(FailureFacts.names(row.steps))
    case .nodes: StyledLine(FailureFacts.names(row.nodes))
    }
  }

  /// The newest at the right, under each other in all rows.
  private func trend(_ row: FailurePatternRow, _ width: Int) -> StyledLine {
    let bars = Sparkline.text(row.history, columns: width, floor: 1, glyphs: glyphs)
    return StyledLine(String(repeating: " ", count: max(0, width - bars.count)) + bars, .chart)
  }
}
