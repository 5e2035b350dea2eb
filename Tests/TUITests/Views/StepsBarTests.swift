import Core
import Testing

@testable import TUI

@Suite("Steps of a saga in one cell")
struct StepsBarTests {
  private func bar(_ row: SagaRow, _ columns: Int, _ glyphs: Glyphs = .unicode) -> String {
    StepsBar(row: row, glyphs: glyphs).line(columns: columns).text
  }

  @Test(
    "names become shorter, then glyphs, as the column narrows",
    arguments: [
      (60, "order━━inventory━━payment▲"), (36, "order━━inventory━━payment▲"), (35, "order━inventory━payment▲"),
      (31, "order━inven━payme▲"), (23, "ord━inv━pay▲"), (15, "✔✔▲○"), (4, "✔✔▲○"),
    ])
  func forms(columns: Int, text: String) {
    #expect(bar(Fixture.sampleSagas[1], columns) == text)
  }

  @Test("the form does not change while a saga progresses", arguments: [10, 16, 20, 30, 40, 60])
  func stable(columns: Int) {
    let row = Fixture.sampleSagas[7]
    let isGlyphs = bar(row, columns).hasPrefix("✔")
    var row2 = row
    row2.steps[3] = StepView(name: "delivery", status: .pending)
    row2.steps[2].status = .running
    row2.status = .running
    #expect(bar(row2, columns).hasPrefix("✔") == isGlyphs)
    #expect(isGlyphs || bar(row2, columns).split(separator: "━")[0] == bar(row, columns).split(separator: "━")[0])
  }

  @Test("in ASCII, glyphs that are letters are separated from names")
  func ascii() {
    #expect(bar(Fixture.sampleSagas[2], 60, .ascii) == "order==inventory==payment:x u:inventory <:order")
  }
}
