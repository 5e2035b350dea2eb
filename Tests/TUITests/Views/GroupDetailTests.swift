import Core
import Testing

@testable import TUI

@Suite("Texts about a group")
struct GroupDetailTests {
  private static func row(_ verdict: LagVerdict, _ change: (inout GroupRow) -> Void = { _ in }) -> GroupRow {
    var row = GroupRow(
      name: "payment-service", verdict: verdict, state: .stable, members: 2, lag: 214,
      lagTime: LagTime(.seconds(250), .exact))
    change(&row)
    return row
  }

  private static func facts(_ row: GroupRow) -> GroupDetail {
    GroupDetail(row: row, now: Fixture.now, glyphs: .unicode)
  }

  static let sentences: [(GroupRow, String)] = [
    (row(.empty) { $0.members = 0 }, "no members, 214 unread, oldest 4m10s"),
    (
      row(.empty) {
        $0.state = .empty
        $0.members = nil
      }, "no members, 214 unread, oldest 4m10s"
    ),
    (row(.stalled), "stalled, 214 unread, oldest 4m10s"),
    (row(.stopped) { $0.lagTime = LagTime(.seconds(250), .atLeast) }, "stopped, 214 unread, oldest >4m10s"),
    (row(.stalled) { $0.lagTime = .unknown }, "stalled, 214 unread"),
    (row(.warning), "its lag grows, 214 unread, oldest 4m10s"),
    (row(.none) { $0.lag = nil }, "never committed, lag not known"),
    (
      row(.unknown) {
        $0.lag = nil
        $0.members = nil
        $0.state = nil
      }, "not judged yet, lag not known"
    ),
    (row(.ok) { $0.lag = 0 }, "ok, nothing unread"),
    (row(.ok) { $0.lag = 1_234_567 }, "ok, 1,234,567 unread, oldest 4m10s"),
    (
      row(.ok) {
        $0.state = .preparingRebalance
        $0.rebalancing = .init(since: Fixture.now - .seconds(12), changes: 3)
      }, "rebalancing since 12s, 3 changes, 214 unread, oldest 4m10s"
    ),
  ]

  @Test("a waiting saga shows the group's state in one line", arguments: sentences)
  func sentence(row: GroupRow, text: String) {
    #expect(Self.facts(row).sentence.text == "payment-service: \(text)")
  }

  static let banners: [(GroupRow, [String])] = [
    (row(.stalled), []),
    (row(.empty) { $0.members = 0 }, ["▲ no members"]),
    (
      row(.ok) { $0.rebalancing = .init(since: Fixture.now - .seconds(12), changes: 1) },
      [
        "↺ rebalancing since 12s, 1 change"
      ]
    ),
    (
      row(.empty) {
        $0.state = .empty
        $0.rebalancing = .init(since: Fixture.now + .seconds(5), changes: 0)
      }, ["▲ no members", "↺ rebalancing since 0.0s, 0 changes"]
    ),
    (row(.unknown) { $0.members = nil }, []),
  ]

  @Test("missing and changing members are reported for any lag", arguments: banners)
  func banner(row: GroupRow, texts: [String]) {
    #expect(Self.facts(row).banners.map(\.text) == texts)
  }

  @Test("a clock that is ahead is shown, never a negative age")
  func drift() {
    let row = Self.row(.ok) { $0.lagTime = LagTime(.zero, .exact, drift: .milliseconds(3_200)) }
    #expect(
      Self.facts(row).doubts.map(\.text) == ["clocks differ: a message's time lies 3.2s ahead of ours"])
  }

  @Test("each verdict has a distinct glyph, colour and word in the help", arguments: LagVerdict.allCases)
  func legend(verdict: LagVerdict) {
    let help = HelpScreen(scope: .list(.groups)).lines.map(\.text)
    #expect(help.contains { $0.contains(verdict.rawValue) && $0.hasSuffix(LagStyle.meaning(verdict)) })
    #expect(LagStyle(glyphs: .ascii).verdict(verdict).hasSuffix(" \(verdict.rawValue)"))
  }

  @Test("the help fits 80 columns", arguments: KeyMap.Scope.all)
  func help(scope: KeyMap.Scope) {
    for line in HelpScreen(scope: scope).lines { #expect(line.columns <= 80, "\(line.text)") }
  }
}
