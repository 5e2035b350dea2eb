import Core
import Text

/// The table of locks.
struct LockTable: FieldTable {
  enum Field: CaseIterable {
    case key, verdict, holder, age, ttl, waiters, saga
  }

  let list: LockList
  let state: LockListState
  let glyphs: Glyphs
  var rows: [LockRow] { list.rows }
  var selected: Int { state.cursor.position - list.offset }
  private var look: LockStyle { LockStyle(glyphs: glyphs) }

  static func column(_ field: Field, columns: Int) -> Table.Column {
    switch field {
    case .key: .init("KEY", width: 22, idealWidth: columns >= 160 ? 60 : 34, priority: 0)
    case .verdict: .init("VERDICT", width: 11, priority: 1)
    case .holder: .init("HOLDER", width: 12, idealWidth: 44, priority: 5)
    case .age: .init("AGE", width: 6, align: .right, priority: 2)
    case .ttl: .init("TTL", width: 5, align: .right, priority: 3)
    case .waiters: .init("WAITERS", width: 7, align: .right, priority: 4)
    case .saga: .init("SAGA", width: 12, idealWidth: 38, priority: 6)
    }
  }

  static func order(of field: Field) -> LockOrder? {
    switch field {
    case .key: .key
    case .verdict: .severity
    case .age: .age
    case .ttl: .ttl
    case .waiters: .waiters
    case .holder, .saga: nil
    }
  }

  func cell(_ field: Field, _ row: LockRow, _ width: Int) -> StyledLine {
    switch field {
    case .key: StyledLine(Truncation.middle(row.id.key, columns: width, ellipsis: glyphs.ellipsis))
    case .verdict: StyledLine(look.verdict(row.verdict), look.role(row.verdict))
    case .holder:
      known(Truncation.middle(LockStyle.holders(row.holders), columns: width, ellipsis: glyphs.ellipsis))
    case .age: known(look.age(row.age), row.verdict == .overdue ? .stuck : .text)
    case .ttl: known(LockStyle.ttl(row), row.isImmortal ? .critical : .text)
    case .waiters: known(Quantity.count(row.waiters), row.waiters == 0 ? .dim : .text)
    case .saga:
      known(row.saga.map { Truncation.middle($0.id, columns: width, ellipsis: glyphs.ellipsis) } ?? Quantity.unknown)
    }
  }
}
