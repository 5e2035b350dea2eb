import Core
import Text

/// The table of consumer groups.
struct GroupTable: FieldTable {
  enum Field: CaseIterable {
    case group, verdict, state, members, lag, oldest, drain, arriving, reading, trend
  }

  let list: GroupList
  let state: LagListState
  let glyphs: Glyphs
  var rows: [GroupRow] { list.rows }
  var selected: Int { state.groups.position - list.offset }
  private var look: LagStyle { LagStyle(glyphs: glyphs) }

  static func column(_ field: Field, columns: Int) -> Table.Column {
    switch field {
    case .group: .init("GROUP", width: 18, idealWidth: columns >= 160 ? 48 : 28, priority: 0)
    case .verdict: .init("VERDICT", width: 11, priority: 1)
    case .state: .init("STATE", width: columns >= 160 ? 18 : 10, priority: 9)
    case .members: .init("MEMBERS", width: 7, align: .right, priority: 8)
    case .lag: .init("LAG", width: 5, align: .right, priority: 2)
    case .oldest: .init("OLDEST", width: 6, align: .right, priority: 3)
    case .drain: .init("DRAIN", width: 5, align: .right, priority: 4)
    case .arriving: .init("IN/s", width: 5, align: .right, priority: 6)
    case .reading: .init("OUT/s", width: 5, align: .right, priority: 7)
    case .trend: .init("TREND", width: 8, idealWidth: 60, priority: 5)
    }
  }

  static func order(of field: Field) -> GroupOrder? {
    switch field {
    case .group: .name
    case .verdict: .severity
    case .members: .members
    case .lag: .lag
    case .oldest: .oldest
    case .drain: .drain
    case .arriving: .arriving
    case .reading: .reading
    case .state, .trend: nil
    }
  }

  func cell(_ field: Field, _ row: GroupRow, _ width: Int) -> StyledLine {
    switch field {
    case .group: StyledLine(Truncation.middle(row.name, columns: width, ellipsis: glyphs.ellipsis))
    case .verdict: StyledLine(look.verdict(row.verdict), look.role(row.verdict))
    case .state: known(state(row, width), row.rebalancing == nil ? .dim : .warning)
    case .members: known(Quantity.count(row.members), row.members == 0 && row.lag != 0 ? .error : .text)
    case .lag: known(LagText.count(row.lag), row.lag == 0 ? .dim : .text)
    case .oldest: known(LagText.age(row.lagTime), row.lag == 0 ? .dim : .text)
    case .drain: known(LagText.drain(row.drain), drainRole(row))
    case .arriving: known(LagText.perSecond(row.rateIn))
    case .reading: known(LagText.perSecond(row.rateOut))
    case .trend: trend(row, width)
    }
  }

  /// A lag of a few messages that comes and goes is not drained either, and no trouble.
  private func drainRole(_ row: GroupRow) -> StyleRole {
    if row.lag == 0 || row.verdict == .ok { return .dim }
    return row.drain == .notDraining ? .warning : .text
  }

  /// The newest at the right, under each other in all rows.
  private func trend(_ row: GroupRow, _ width: Int) -> StyledLine {
    let bars = Sparkline.text(row.history, columns: width, floor: 10, glyphs: glyphs)
    return StyledLine(String(repeating: " ", count: max(0, width - bars.count)) + bars, .chart)
  }

  /// Kafka's word, without its last part where that does not fit.
  private func state(_ row: GroupRow, _ width: Int) -> String {
    guard let state = row.state else { return Quantity.unknown }
    guard state.rawValue.count > width else { return state.rawValue }
    return state.rawValue.hasSuffix("Rebalance") ? String(state.rawValue.dropLast(9)) : state.rawValue
  }
}
