import Core
import Text

extension ViewID {
  package static let compensations = ViewID("compensations")
}

/// The list of compensations: the failure, the compensated steps and the remaining steps.
package struct CompensationsScreen: ListScreen {
  package static let id = ViewID.compensations
  package static let place = "in the list of compensations"
  package static let keys = ViewKeys(
    open: ("open the saga", "open"), filter: "filter: status:failed, step:payment, error:declined",
    sibling: (.patterns, "show what fails, by error text", "patterns"))
  package static let legend: [(String, String)] = [
    ("failed", "the compensation failed: it needs manual work"),
    ("backlog", "in progress, and failed ones that wait"),
    ("DONE", "the steps that were compensated, in that order"),
    ("LEFT", "what is still to be compensated, or failed"),
    ("TIME", "from the failure to the end of the compensation"),
    ("TRIGGER", "automatic, who asked, or external: another system"),
    ("most in", "what many compensations have in common"),
  ]
  package static let showsAudit = true

  package var list = ListState<CompensationView, CompensationOrder>()
  private var read = CompensationList()

  package init() {}

  private static func wide(_ least: Int, _ wide: Int, else ideal: Int) -> ColumnWidth {
    .by { columns in (least, columns >= 150 ? wide : ideal) }
  }

  package let columns: [ListColumn<CompensationView, CompensationOrder>] = [
    ListColumn("SAGA", .by { $0 >= 150 ? (20, 20) : (9, 9) }, priority: 0, order: .id) { $1.middle($0.sagaID) },
    ListColumn("OUTCOME", .exactly(14), priority: 1, order: .severity) { row, cell in
      let style = SagaStyle(glyphs: cell.glyphs)
      return row.isStuck
        ? StyledLine("\(cell.glyphs.stuck) stuck \(cell.glyphs.compensating)", .stuck)
        : StyledLine("\(style.glyph(row.outcome)) \(row.outcome.name)", style.role(row.outcome))
    },
    ListColumn("TYPE", .by { $0 >= 150 ? (14, 14) : (8, 8) }, priority: 9) { row, _ in StyledLine(row.type, .dim) },
    ListColumn("FAILED STEP", .exactly(12), priority: 2, order: .step) { $1.known($0.failedStep) },
    ListColumn("ERROR", .by { (14, $0 >= 150 ? max(28, $0 - 132) : 20) }, priority: 4, order: .error) {
      $1.known($0.error, .error)
    },
    ListColumn("DONE", wide(9, 24, else: 16), priority: 5) { row, cell in
      cell.known(row.undone.isEmpty ? nil : row.undone.map(\.step).joined(separator: " "), .compensated)
    },
    ListColumn("LEFT", wide(9, 24, else: 12), priority: 6) { row, cell in
      cell.known(
        row.owed.isEmpty ? nil : row.owed.map(\.step).joined(separator: " "),
        row.owed.contains(where: \.hasFailed) ? .failed : .compensating)
    },
    ListColumn("TIME", .exactly(6), align: .right, priority: 3, order: .duration) { row, cell in
      StyledLine(Quantity.latency(row.duration(now: cell.now)), row.isStuck ? .stuck : .text)
    },
    ListColumn("TRIES", .exactly(5), align: .right, priority: 10) { row, _ in
      StyledLine(Quantity.count(row.attempts), row.attempts > 1 ? .warning : .dim)
    },
    ListColumn("TRIGGER", wide(9, 20, else: 9), priority: 8) { row, _ in
      StyledLine(CompensationDetail.trigger(row.trigger), .dim)
    },
    ListColumn("AGE", .exactly(5), align: .right, priority: 7, order: .started) { row, cell in
      StyledLine(Quantity.age(cell.now - row.startedAt))
    },
  ]

  package mutating func read(_ request: ReadRequest) {
    read = request.source.compensations(list.query(request), now: request.now)
    list.take(read, height: request.height)
  }

  package func summaryHeight(_ context: DrawContext, body: Int) -> Int {
    CompensationsSummary.height(body: body, columns: context.columns)
  }

  package func summary(_ context: DrawContext, height: Int) -> [StyledLine] {
    CompensationsSummary(read: read, list: list, columns: context.columns, glyphs: context.glyphs)
      .lines(height: height)
  }

  package func detail(of row: CompensationView, _ context: DrawContext) -> DetailLines? {
    CompensationDetail(row: row, now: context.now, glyphs: context.glyphs).lines
  }

  package var emptyText: String { read.total == 0 ? "no saga was compensated" : "no compensation matches" }
  package func open(_ row: CompensationView) -> Layer? { .page(SagaPage(row.saga, id: row.sagaID)) }
  package func copied(_ row: CompensationView) -> String? { row.sagaID }
}
