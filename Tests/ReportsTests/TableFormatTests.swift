import Core
import Testing

@testable import Reports

@Suite("Tables in every format")
struct TableFormatTests {
  private static let now = Timestamp(milliseconds: 1_769_508_202_000)

  private static func saga(_ id: String, age: Duration, error: String? = nil, step: String? = nil) -> SagaRow {
    SagaRow(
      handle: SagaHandle(slot: 0, generation: 1), id: id, type: "order", status: .running, step: step,
      startedAt: now - age, updatedAt: now, progressAt: now, error: error)
  }

  private static let report = SnapshotReport(
    SnapshotView(
      header: HeaderView(context: "test", now: now), isComplete: true,
      overview: OverviewView(
        total: TypeView(type: ""),
        sagas: SagaList([
          saga("주문-1", age: .milliseconds(61_500), error: "a|b \"quoted\", <b>_x_</b>", step: "payment"),
          saga("7", age: .seconds(5), error: "\u{1b}[2J\nnew line"), saga("10", age: .seconds(700), step: "order"),
        ]))))

  private func text(_ style: SnapshotTable.Style = .table, _ change: (inout TableSelection) -> Void = { _ in })
    -> String
  {
    var selection = TableSelection()
    selection.tables = ["sagas"]
    change(&selection)
    return SnapshotTable.text(Self.report, sections: [.sagas], style: style, selection: selection)
  }

  @Test("columns are aligned, selected ones are in their order, and rows are sorted")
  func columns() {
    let text = text { selection in
      selection.columns = ["age", "saga", "step"]
      selection.order = .init(column: "age", isDescending: true)
    }
    #expect(
      text == """
          AGE  SAGA    STEP
          11m  10      order
        1m01s  주문-1  payment
         5.0s  7       -

        """)
  }

  @Test("unknown values come last in both directions", arguments: [true, false])
  func order(isDescending: Bool) {
    let text = text { selection in
      selection.columns = ["step"]
      selection.order = .init(column: "step", isDescending: isDescending)
      selection.hasHeaders = false
    }
    #expect(text == (isDescending ? "payment\norder\n-\n" : "order\npayment\n-\n"))
  }

  @Test("CSV has every column, units in its titles, plain numbers, and quotes where needed")
  func csv() {
    let lines = text(.csv).split(separator: "\r\n", omittingEmptySubsequences: false)
    #expect(lines.count == 5 && lines[4].isEmpty)
    #expect(
      lines[0] == "saga,type,status,step,age_ms,started,updated,ended,deadline_ms,failed_step,node,error")
    #expect(lines[1].hasPrefix("\"주문-1\",order,running,payment,61500,2026-01-27T10:02:20.500Z,"))
    #expect(lines[1].hasSuffix(",\"a|b \"\"quoted\"\", <b>_x_</b>\""))
    #expect(lines[2].hasSuffix(",,,,\"^[[2J^Jnew line\""))
  }

  @Test("CSV for a spreadsheet has no text that starts a formula; numbers stay numbers")
  func spreadsheet() {
    let report = SnapshotReport(
      SnapshotView(
        header: HeaderView(context: "test", now: Self.now), isComplete: true,
        overview: OverviewView(
          total: TypeView(type: ""),
          sagas: SagaList([
            Self.saga("=cmd|' /C calc'!A0", age: .seconds(5), step: "-1+1"), Self.saga("7", age: .seconds(5)),
          ]))))
    for (isGuarded, first) in [(true, "'=cmd|' /C calc'!A0,'-1+1,5000"), (false, "=cmd|' /C calc'!A0,-1+1,5000")] {
      var selection = TableSelection()
      (selection.tables, selection.columns) = (["sagas"], ["saga", "step", "age"])
      selection.isForSpreadsheets = isGuarded
      let text = SnapshotTable.text(report, sections: [.sagas], style: .csv, selection: selection)
      #expect(text.split(separator: "\r\n").dropFirst().map(String.init) == [first, "7,,5000"], "\(text)")
    }
  }

  @Test("long values are truncated on a terminal only")
  func elided() {
    let long = String(repeating: "abc", count: 30)
    let report = SnapshotReport(
      SnapshotView(
        header: HeaderView(context: "test", now: Self.now), isComplete: true,
        overview: OverviewView(total: TypeView(type: ""), sagas: SagaList([Self.saga(long, age: .seconds(5))]))))
    for isElided in [true, false] {
      var selection = TableSelection()
      selection.tables = ["sagas"]
      selection.isElided = isElided
      let text = SnapshotTable.text(report, sections: [.sagas], selection: selection)
      #expect(text.contains(long) == !isElided && text.contains("…") == isElided)
    }
  }

  @Test("external text is no markup in Markdown")
  func markdown() {
    let text = text(.markdown) { $0.columns = ["saga", "age", "error"] }
    #expect(text.hasPrefix("## sagas\n\n| SAGA | AGE | ERROR |\n|---|---:|---|\n"))
    #expect(text.contains("| 주문-1 | 1m01s | a\\|b \"quoted\", &lt;b&gt;\\_x\\_&lt;/b&gt; |"))
    #expect(text.contains("| 7 | 5.0s | ^\\[\\[2J^Jnew line |"))
  }

  @Test("the wide table has additional columns")
  func wide() {
    #expect(!text().contains("FAILED STEP"))
    #expect(text(.wide).contains("FAILED STEP"))
  }

  @Test("a table without any of the selected columns is omitted")
  func absent() {
    let text = text { selection in
      selection.tables = []
      selection.columns = ["completion"]
    }
    #expect(text == "COMPLETION\n")
  }

  @Test("column names are unique in every table")
  func names() {
    for shape in SnapshotTable.kinds {
      #expect(Set(shape.columns.map(\.name)).count == shape.columns.count, "\(shape.name)")
    }
    #expect(Set(SnapshotTable.kinds.map(\.name)).count == SnapshotTable.kinds.count)
  }
}
