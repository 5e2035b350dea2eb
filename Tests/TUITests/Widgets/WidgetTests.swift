import Core
import Testing

@testable import TUI

@Suite("Widgets")
struct WidgetTests {
  @Test(
    "a sparkline is scaled to its largest value, and unknown values are gaps",
    arguments: [
      ([0, 1, 2], 3, 0, "▁▅█"), ([nil, 4, nil], 3, 0, " █ "), ([1, 2, 3, 4], 2, 0, "▆█"), ([0, 0], 5, 0, "▁▁"),
      ([1], 1, 10, "▂"),
      ([.infinity, .nan, -3, 1], 4, 0, "  ▁█"), ([1], 0, 0, ""), ([], 4, 0, ""),
    ] as [([Double?], Int, Double, String)])
  func sparkline(values: [Double?], columns: Int, floor: Double, text: String) {
    #expect(Sparkline.text(values, columns: columns, floor: floor, glyphs: .unicode) == text)
  }

  private let columns = [
    Table.Column("ID", width: 8, idealWidth: 20, priority: 0), Table.Column("TYPE", width: 6, priority: 2),
    Table.Column("AGE", width: 5, align: .right, priority: 1),
    Table.Column("LINE", width: 10, idealWidth: .max, priority: 3),
  ]

  @Test(
    "columns are dropped by priority and stay in order",
    arguments: [(0, []), (8, [0]), (15, [0, 2]), (23, [0, 1, 2]), (35, [0, 1, 2, 3])] as [(Int, [Int])])
  func chosen(width: Int, indexes: [Int]) {
    #expect(Table.place(columns, x: 0, width: width).map(\.index) == indexes)
  }

  @Test("at any width columns do not overlap or exceed the table")
  func placed() {
    for width in 0...220 {
      var end = 3 - Table.gap
      for column in Table.place(columns, x: 3, width: width) {
        #expect(column.x == end + Table.gap)
        #expect(column.width >= columns[column.index].width && column.width <= columns[column.index].idealWidth)
        end = column.x + column.width
      }
      #expect(end <= max(3 - Table.gap, 3 + width))
    }
  }

  @Test("a column keeps its width and stays visible for a minute after the row that needed it is gone")
  func steadyColumns() throws {
    let column = ListColumn<String, SagaOrder>("STEP", .exactly(20), priority: 4) { row, _ in StyledLine(row) }
    func content(_ rows: [String], _ seconds: Int) throws -> ColumnContent {
      var header = Fixture().head
      header.now = start + .seconds(seconds)
      let context = DrawContext(status: SystemStatus(header: header), columns: 80, glyphs: .unicode)
      return try #require(ColumnContent(column, rows[...], context))
    }
    var seen = try content(["inventory"], 0)
    for (rows, seconds, width, hasContent) in [
      (["payment"], 10, 9, true), ([], 59, 9, true), (["delivery"], 60, 8, true), (["a longer step"], 61, 13, true),
      (["-"], 90, 13, true), (["-"], 121, 1, false),
    ] {
      seen = seen.followed(by: try content(rows, seconds), now: start + .seconds(seconds))
      #expect(seen.width == width && seen.hasContent == hasContent, "after \(seconds) s")
    }
  }

  private let start = Timestamp(milliseconds: 1_769_508_202_000)

  @Test(
    "ticks of a time axis are at round intervals with space between them",
    arguments: [
      (Duration.milliseconds(1), 1), (.milliseconds(830), 100), (.seconds(7), 1000), (.seconds(252), 30_000),
      (.seconds(86_400 * 400), 86_400_000 * 90),
    ])
  func ticks(span: Duration, step: Int) throws {
    let axis = TimeAxis(start: start, end: start + span, columns: 80)
    let ticks = axis.ticks(spacing: 9)
    try #require(!ticks.isEmpty)
    #expect(ticks[0] == TimeAxis.Tick(column: 0, offset: .zero))
    #expect(ticks.count == 1 || ticks[1].offset == .milliseconds(Int64(step)))
    for (one, next) in zip(ticks, ticks.dropFirst()) { #expect(next.column - one.column >= 8) }
    #expect(ticks.allSatisfy { $0.column < 80 })
  }

  @Test("any two instants give an axis, and every instant has a column on it")
  func extremes() {
    for (from, to) in [
      (start, start), (start, .distantPast), (.distantPast, start), (.distantPast, Timestamp(nanoseconds: .max)),
    ] {
      let axis = TimeAxis(start: from, end: to, columns: 40)
      for time in [Timestamp.distantPast, start, Timestamp(nanoseconds: .max)] {
        #expect((0..<40).contains(axis.column(of: time)))
      }
      #expect(axis.ticks(spacing: 8).count <= 40)
    }
  }
}
