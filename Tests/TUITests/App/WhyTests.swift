import Core
import Testing

@testable import TUI

@Suite("Causes on the screen")
struct WhyTests {
  private let size = Size(columns: 120, rows: 40)

  private func app(_ keys: [Key]) -> App { Scene("why", keys).app(size: size) }

  private func text(_ keys: [Key]) -> String { app(keys).frame(glyphs: .unicode).text }

  @Test("w on a row opens the saga at its causes, and Enter opens the service of a cause")
  func key() {
    let page = app([.down, .character("w")])
    #expect(page.pages.last?.document.cursor == .cause(0))
    #expect(page.frame(glyphs: .unicode).text.contains("1 payment-service is down"))
    let service = app([.down, .character("w"), .enter])
    #expect(service.titles.last == "service payment-service")
  }

  @Test("w on an event opens its saga, and on its page moves to the causes")
  func event() {
    let keys: [Key] = [.character("3"), .character("w")]
    #expect(app(keys).frontPage is SagaPage)
    #expect(app([.down, .enter, .end, .character("w")]).pages.last?.document.cursor == .cause(0))
  }

  @Test("the overview shows the cause chain of the saga under the cursor, with the age of its oldest evidence")
  func overview() {
    let overview = text([.down])
    #expect(overview.contains("1 payment-service is down → group payment-service has no members: 10.0.0.7"))
    #expect(overview.contains("1.0s old"))
  }

  @Test("a frozen picture keeps its causes")
  func frozen() {
    #expect(text([.character("z"), .down, .character("w")]).contains("1 payment-service is down"))
  }

  @Test("only visible sagas are diagnosed")
  func explained() {
    let overview = app([.down]).overview
    let explained = Set(overview.sagas.diagnoses.keys)
    let shown = overview.list.rows
    #expect(!explained.isEmpty && explained.isSubset(of: Set(shown.map(\.handle))))
    #expect(app([.character("2")]).sagas.sagas.diagnoses.count == 1)
  }
}
