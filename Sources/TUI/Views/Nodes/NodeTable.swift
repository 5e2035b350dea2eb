import Core
import Text

/// The table of nodes.
struct NodeTable {
  enum Field: CaseIterable {
    case node, verdict, share, sagas, steps, failed, undone, rate, p50, p95, last, partitions, groups, trend

    var order: NodeOrder? {
      switch self {
      case .node: .node
      case .verdict: .severity
      case .share: .share
      case .sagas: .sagas
      case .steps: .steps
      case .failed: .failed
      case .undone, .rate, .p50, .p95, .last, .partitions, .groups, .trend: nil
      }
    }

    /// Nodes that events name, and members of groups that stand in for them, are known by different things.
    func isShown(_ naming: NodeList.Naming) -> Bool {
      switch self {
      case .node, .verdict: true
      case .partitions, .groups: naming == .members
      default: naming == .events
      }
    }
  }

  let list: NodeList
  let state: NodeListState
  let now: Timestamp
  let glyphs: Glyphs
  private var look: NodeStyle { NodeStyle(glyphs: glyphs) }

  private static func column(_ field: Field, columns: Int) -> Table.Column {
    switch field {
    case .node: .init("NODE", width: 16, idealWidth: columns >= 120 ? 36 : 22, priority: 0)
    case .verdict: .init("VERDICT", width: 9, priority: 1)
    case .share: .init("SHARE", width: 7, align: .right, priority: 2)
    case .sagas: .init("SAGAS", width: 5, align: .right, priority: 6)
    case .steps: .init("STEPS", width: 5, align: .right, priority: 3)
    case .failed: .init("FAILED", width: 6, align: .right, priority: 4)
    case .undone: .init("UNDONE", width: 6, align: .right, priority: 10)
    case .rate: .init("/s", width: 5, align: .right, priority: 5)
    case .p50: .init("P50", width: 7, align: .right, priority: 9)
    case .p95: .init("P95", width: 7, align: .right, priority: 7)
    case .last: .init("LAST", width: 5, align: .right, priority: 8)
    case .partitions: .init("PARTITIONS", width: 10, align: .right, priority: 2)
    case .groups: .init("GROUPS", width: 12, idealWidth: .max, priority: 3)
    case .trend: .init("TREND", width: 8, idealWidth: 60, priority: 11)
    }
  }

  private static func fields(_ naming: NodeList.Naming) -> [Field] { Field.allCases.filter { $0.isShown(naming) } }

  private static func table(_ fields: [Field], columns: Int, state: NodeListState?, glyphs: Glyphs) -> ListTable {
    let sorted = state.flatMap { state in
      fields.firstIndex { $0.order == state.order }.map { (column: $0, isReversed: state.isReversed) }
    }
    return ListTable(columns: fields.map { column($0, columns: columns) }, sorted: sorted, glyphs: glyphs)
  }

  /// The column whose title lies at a column of the screen.
  static func field(at x: Int, in area: Rect) -> Field? {
    let fields = fields(.events)
    return table(fields, columns: area.width, state: nil, glyphs: .ascii).column(at: x, in: area).map { fields[$0] }
  }

  func draw(into frame: inout Frame, _ area: Rect) {
    let fields = Self.fields(list.naming)
    let table = Self.table(fields, columns: area.width, state: state, glyphs: glyphs)
    let selected = state.cursor.position - list.offset
    table.draw(into: &frame, area, count: list.rows.count, selected: selected) { row, column, width in
      cell(fields[column], list.rows[row], width)
    }
  }

  private func cell(_ field: Field, _ row: NodeRow, _ width: Int) -> StyledLine {
    switch field {
    case .node: StyledLine(Truncation.middle(row.node, columns: width, ellipsis: glyphs.ellipsis))
    case .verdict: StyledLine(look.verdict(row.verdict), look.role(row.verdict))
    case .share: known(Quantity.share(row.share), row.verdict == .skewed ? .warning : .text)
    case .sagas: known(Quantity.count(row.sagas))
    case .steps: known(Quantity.count(row.steps))
    case .failed: known(Quantity.count(row.failed), row.failed == 0 ? .dim : .failed)
    case .undone: known(Quantity.count(row.undone), row.undone == 0 ? .dim : .compensated)
    case .rate: known(LagText.perSecond(row.rate))
    case .p50: known(Quantity.latency(row.p50))
    case .p95: known(Quantity.latency(row.p95))
    case .last: known(Quantity.age(row.lastAt.map { now - $0 }), row.verdict == .silent ? .failed : .text)
    case .partitions: known(Quantity.count(row.partitions))
    case .groups: known(row.groups.isEmpty ? Quantity.unknown : row.groups.joined(separator: " "))
    case .trend: trend(row, width)
    }
  }

  private func trend(_ row: NodeRow, _ width: Int) -> StyledLine {
    let bars = Sparkline.text(row.history, columns: width, floor: 1, glyphs: glyphs)
    return StyledLine(String(repeating: " ", count: max(0, width - bars.count)) + bars, .chart)
  }

  private func known(_ text: String, _ role: StyleRole = .text) -> StyledLine {
    StyledLine(text, text == Quantity.unknown ? .dim : role)
  }
}
