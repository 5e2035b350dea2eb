import Testing

@testable import Core

@Suite("The list of groups")
struct GroupQueryTests {
  private static func row(
    _ name: String, _ verdict: LagVerdict = .ok, lag: Known<Int64> = nil, age: Duration? = nil,
    drain: DrainTime = .unknown,
    topics: [String] = [], error: String? = nil
  ) -> GroupRow {
    GroupRow(
      name: name, verdict: verdict, state: .stable, lag: lag, lagTime: LagTime(age, .exact), drain: drain,
      topics: topics, error: error)
  }

  /// In order of severity.
  private static let rows = [
    row("b", .stalled, lag: 5, age: .seconds(9), drain: .notDraining, topics: ["orders"]),
    row("d", .warning, lag: 500, age: .seconds(1), drain: .after(.seconds(3)), topics: ["orders", "payments"]),
    row("c", .unknown, error: "timed out"), row("A", lag: 0, age: .zero, drain: .nothing),
    row("a", lag: 0, age: .zero),
  ]

  @Test(
    "every order puts unknown values last, and equal ones in order of severity",
    arguments: [
      (.severity, false, "bdcAa"), (.severity, true, "aAcdb"), (.name, false, "Aabcd"), (.name, true, "dcbaA"),
      (.lag, false, "dbAac"), (.lag, true, "Aabdc"), (.oldest, false, "bdAac"), (.drain, false, "bdAca"),
      (.drain, true, "Adbca"), (.members, false, "bdcAa"), (.arriving, true, "bdcAa"), (.reading, false, "bdcAa"),
    ] as [(GroupOrder, Bool, String)])
  func order(order: GroupOrder, isReversed: Bool, names: String) {
    #expect(
      GroupQuery(order: order, isReversed: isReversed).window(of: Self.rows, now: .distantPast).rows.map(\.name)
        .joined() == names)
  }

  @Test(
    "a filter matches names, verdicts, topics and ages",
    arguments: [
      ("", "bdcAa"), ("a", "bdAa"), ("id:a", "Aa"), ("status:stalled", "b"), ("STALLED", "b"), ("!stalled", "dcAa"),
      ("lag>4", "bd"), ("!lag>4", "Aa"),
      ("topic:payments", "d"), ("topic:ord !status:warning", "b"), ("age>5s", "b"), ("age<5s", "dAa"),
      ("error:timed", "c"), ("stable", ""), ("status:Stable", "bdcAa"), ("topic:ord lag>=500", "d"),
    ])
  func filter(text: String, names: String) throws {
    let query = GroupQuery(filter: try Filter(parsing: text, for: GroupRow.vocabulary))
    #expect(query.window(of: Self.rows, now: .distantPast).rows.map(\.name).joined() == names)
  }
}
