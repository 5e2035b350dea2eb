import Core
import Text

extension ListColumn where Row == SagaRow, Order == SagaOrder {
  /// Columns in the order of the sagas view. The overview omits columns that the saga's page shows.
  static let sagas: [ListColumn] = [saga, type, status, step, age, time, started, updated, node, error, timeline]
  static let all: [ListColumn] = sagas + [cause]
  static let overview: [ListColumn] = [saga, type, status, step, age, node, cause, timeline]

  private static func wide(_ width: Int, else narrow: Int) -> ColumnWidth {
    .by { columns in columns >= 150 ? (width, 40) : (narrow, 40) }
  }

  private static let saga = ListColumn(
    "SAGA",
    .by { columns in
      let width = columns >= 190 ? 36 : columns >= 150 ? 20 : columns >= 100 ? 13 : 9
      return (width, width)
    }, priority: 0, order: .id
  ) { row, cell in cell.middle(row.id) }

  private static let type = ListColumn("TYPE", wide(14, else: 8), priority: 6, order: .type) { row, _ in
    StyledLine(row.type, .dim)
  }

  private static let status = ListColumn(
    "STATUS", .by { columns in (14, columns >= 100 ? 16 : 14) }, priority: 1, order: .status
  ) { row, cell in
    let style = SagaStyle(glyphs: cell.glyphs)
    return StyledLine(style.status(row), style.role(row))
  }

  private static let step = ListColumn("STEP", wide(16, else: 10), priority: 4, order: .step) { row, cell in
    cell.known(row.step)
  }

  private static let age = ListColumn("AGE", .exactly(5), align: .right, priority: 2, order: .age) { row, cell in
    StyledLine(Quantity.age(cell.now - row.startedAt), row.flags.contains(.stuck) ? .stuck : .text)
  }

  private static let time = ListColumn("TIME", .exactly(5), align: .right, priority: 7) { row, cell in
    cell.known(row.endedAt.map { Quantity.age($0 - row.startedAt) })
  }

  private static let started = ListColumn("STARTED", .exactly(8), align: .right, priority: 10, order: .started) {
    row, cell in StyledLine(Quantity.clock(row.startedAt, offset: cell.localOffset), .dim)
  }

  /// Time since the last update.
  private static let updated = ListColumn("UPDATED", .exactly(7), align: .right, priority: 9, order: .updated) {
    row, cell in StyledLine(Quantity.age(cell.now - row.updatedAt), .dim)
  }

  private static let node = ListColumn("NODE", wide(14, else: 8), priority: 5, order: .node) { row, cell in
    cell.known(row.node)
  }

  private static let error = ListColumn("ERROR", wide(30, else: 16), priority: 8) { row, cell in
    cell.known(row.error, .error)
  }

  private static let cause = ListColumn("CAUSE", .from(22, to: 60), priority: 3) { row, cell in
    cell.known(row.cause)
  }

  private static let timeline = ListColumn("TIMELINE", .from(18, to: .max), priority: 3) { row, cell in
    StepsBar(row: row, glyphs: cell.glyphs).line(columns: cell.width)
  }
}
