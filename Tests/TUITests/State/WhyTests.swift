import Core
import Testing

@testable import TUI

@Suite("Why, on the screen")
struct WhyTests {
  private let size = Size(columns: 120, rows: 40)

  private func session(_ keys: [Key]) -> Session { Scene("why", keys).session(size: size) }

  private func text(_ keys: [Key]) -> String { session(keys).frame(glyphs: .unicode).text }

  @Test("w on a row opens the saga at its causes, and Enter follows one to the service that it speaks of")
  func key() {
    let page = session([.down, .character("w")])
    #expect(page.state.pages.last?.document.cursor == .cause(0))
    #expect(page.frame(glyphs: .unicode).text.contains("1 payment-service is down"))
    let service = session([.down, .character("w"), .enter])
    #expect(service.state.pages.last?.subject == .service("payment-service"))
  }

  @Test("w on an event opens its saga, and on its page goes to the causes")
  func event() {
    let keys: [Key] = [.character("3"), .character("w")]
    guard case .saga = session(keys).state.pages.last?.subject else { return #expect(Bool(false), "no saga is open") }
    #expect(session([.down, .enter, .end, .character("w")]).state.pages.last?.document.cursor == .cause(0))
  }

  @Test("the overview tells the causes of the saga under the cursor, and of the other worst ones the first")
  func overview() {
    let overview = text([.down])
    #expect(overview.contains("1 payment-service is down: 10.0.0.7:8085: connection refused"))
    #expect(overview.contains("2 group payment-service has no members"))
    #expect(overview.contains("1.0s old") && overview.contains("41s old"))
  }

  @Test("a frozen picture keeps the causes that it had")
  func frozen() {
    #expect(text([.character("z"), .down, .character("w")]).contains("1 payment-service is down"))
  }

  @Test("only what is on the screen is explained")
  func request() {
    let state = session([.down]).state
    let request = state.request(size: size, previous: session([.down]).content)
    #expect(request.explained?.worst == 3)
    #expect(session([.character("2")]).content.diagnoses.count <= 1)
    #expect(session([.character("4")]).content.diagnoses.isEmpty)
  }
}
