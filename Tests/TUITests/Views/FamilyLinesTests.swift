import Core
import Testing

@testable import TUI

@Suite("A child saga on its page")
struct FamilyLinesTests {
  private func row(_ id: String, slot: Int32, parent: String? = nil) -> SagaRow {
    var row = SagaRow(
      handle: SagaHandle(slot: slot, generation: 1), id: id, type: "order", status: .running, step: "payment",
      startedAt: Timestamp(milliseconds: 0), updatedAt: Timestamp(milliseconds: 0),
      progressAt: Timestamp(milliseconds: 0))
    row.parent = parent
    return row
  }

  private func lines(_ view: SagaView) -> [PageLine] { FamilyLines(saga: view, glyphs: .unicode).lines }

  @Test("the parent is shown with its state, and its line opens it")
  func parent() {
    var view = SagaView(row: row("part", slot: 1, parent: "whole"))
    view.parent = row("whole", slot: 2)
    let lines = lines(view)
    #expect(lines.map(\.id) == [.relative(SagaHandle(slot: 2, generation: 1))])
    #expect(lines[0].line.text.contains("part of") && lines[0].line.text.contains("whole, payment"))
  }

  @Test("an unknown parent is named and cannot be opened")
  func unknown() {
    let lines = lines(SagaView(row: row("part", slot: 1, parent: "whole")))
    #expect(lines.map(\.id) == [nil] && lines[0].line.text == " part of whole, which is not known here")
  }

  @Test("twelve children are listed, and the number of others is shown")
  func children() {
    var view = SagaView(row: row("whole", slot: 1))
    view.children = (2..<40).map { row("part-\($0)", slot: $0) }
    view.childCount = 1500
    let lines = lines(view)
    #expect(lines.count == 13 && lines.last?.line.text == " and 1,488 more parts")
  }

  @Test("Enter on the line opens the parent, and the child's line there returns to the child")
  func following() {
    var source = Fixture()
    source.sagas = [
      row("part", slot: 1, parent: "whole"), row("whole", slot: 2), row("other", slot: 3, parent: "whole"),
    ]
    var app = Scene("", [.enter], source: source).app(size: Size(columns: 100, rows: 30))
    #expect(app.titles == ["saga part"])
    func follow(_ slot: Int32) {
      let line = LineID.relative(SagaHandle(slot: slot, generation: 1))
      for _ in 0..<30 where app.pages.last?.document.cursor != line { press(.down) }
      press(.enter)
    }
    func press(_ key: Key) {
      _ = app.handle(key, now: Fixture.now)
      app.refresh(from: source, now: Fixture.now)
      app.didDraw()
    }
    follow(2)
    #expect(app.titles == ["saga part", "saga whole"])
    follow(3)
    #expect(app.titles == ["saga part", "saga whole", "saga other"])
    press(.escape)
    #expect(app.titles.last == "saga whole")
  }
}
