import Core

@testable import TUI

extension Fixture {
  private static func history(_ seed: Int, _ top: Int) -> [Double?] {
    (0..<60).map { $0 < 20 ? nil : Double(($0 * seed) % max(1, top)) }
  }

  private static func rollBack(
    _ slot: Int32, _ id: String, _ outcome: SagaStatus, step: String?, error: String?, begun: Double, took: Double?,
    change: (inout CompensationView) -> Void = { _ in }
  ) -> CompensationView {
    let started = now - .seconds(begun)
    var view = CompensationView(
      saga: SagaHandle(slot: slot, generation: 1), sagaID: id, type: "order", failedStep: step, error: error,
      node: step == nil ? nil : "node-2", startedAt: started, endedAt: took.map { started + .seconds($0) },
      outcome: outcome)
    change(&view)
    return view
  }

  private static func undoing(_ step: String, _ view: CompensationView, _ after: Double) -> CompensationView.Undoing {
    .init(step: step, time: view.startedAt + .seconds(after), node: "node-1")
  }

  static let sampleRollBacks: [CompensationView] = [
    rollBack(0, "19bb7c31-0a7e", .failed, step: "confirmation", error: "no answer within 3 s", begun: 754, took: 2.1) {
      $0.owed = [
        .init(step: "payment", hasFailed: true, time: now - .seconds(751), error: "refund refused: charge is disputed")
      ]
      $0.attempts = 3
      $0.type = "OrderProcessingSaga"
    },
    rollBack(1, "8851", .compensating, step: "payment", error: "card declined", begun: 47, took: nil) {
      $0.undone = [undoing("inventory", $0, 0.4)]
      $0.owed = [.init(step: "order")]
      $0.isStuck = true
    },
    rollBack(2, "8902", .compensating, step: "payment", error: "card declined", begun: 1.2, took: nil) {
      $0.owed = [.init(step: "inventory"), .init(step: "order")]
    },
    rollBack(3, "8899", .compensated, step: "inventory", error: "stock short for product 12", begun: 4, took: 0.6) {
      $0.undone = [undoing("order", $0, 0.6)]
    },
    rollBack(4, "8890", .compensated, step: "payment", error: "재고와 카드 거절됨", begun: 9, took: 1.4) {
      $0.undone = [undoing("inventory", $0, 0.5), undoing("order", $0, 1.4)]
      $0.trigger = .operator("kim@jump-1")
    },
    rollBack(5, "fr-77", .compensated, step: nil, error: nil, begun: 30, took: 0) {
      $0.undone = [undoing("request", $0, 0)]
      $0.trigger = .external
      $0.type = "friend-request"
    },
    rollBack(6, "evil\u{1b}[31m\n", .compensated, step: "pay\u{7}", error: "\u{1b}]0;x\u{7} bad", begun: 90, took: 3),
  ]

  static let sampleSums: CompensationSums = {
    var sums = CompensationSums()
    (sums.compensating, sums.stuck, sums.failed, sums.compensated) = (2, 1, 1, 230)
    (sums.startRate, sums.doneRate, sums.failRate) = (2.1, 2.0, 0.02)
    sums.startHistory = history(7, 9)
    sums.doneHistory = history(5, 8)
    sums.mean = .milliseconds(612)
    sums.p95 = .milliseconds(1_410)
    sums.causes = [
      .init(type: "order", step: "inventory", count: 180, rate: 1.8),
      .init(type: "order", step: "payment", count: 49, rate: 0.3),
      .init(type: "OrderProcessingSaga", step: "confirmation", count: 3, rate: 0.02),
      .init(type: "friend-request", step: nil, count: 1, rate: 0),
    ]
    sums.concentrations = [
      .init(kind: .error, name: "stock short for product <n>", count: 180, share: 0.773),
      .init(kind: .step, name: "inventory", count: 180, share: 0.773),
      .init(kind: .node, name: "node-2", count: 101, share: 0.433),
      .init(kind: .node, name: "node-1", count: 90, share: 0.386),
      .init(kind: .step, name: "payment", count: 49, share: 0.21),
    ]
    return sums
  }()

  private static func pattern(
    _ place: Int32, _ text: String, _ example: String, _ count: Int, rate: Double, first: Double, last: Double,
    steps: [(String?, Int)], isNew: Bool = false
  ) -> FailurePatternRow {
    FailurePatternRow(
      id: FailurePatternID(place: place, generation: 1), pattern: text, example: example, count: count,
      sagas: max(1, count - 3), rate: rate, history: history(Int(place) + 3, 11), firstAt: now - .seconds(first),
      lastAt: now - .seconds(last), isNew: isNew, steps: steps.map { NamedCount(name: $0.0, count: $0.1) },
      nodes: [NamedCount(name: "node-2", count: count - 1), NamedCount(name: "node-1", count: 1)],
      samples: [.init(saga: SagaHandle(slot: 3, generation: 1), id: "8899")])
  }

  static let sampleFailures: [FailurePatternRow] = [
    pattern(
      0, "stock short for product <n>", "stock short for product 12", 180, rate: 1.8, first: 1800, last: 4,
      steps: [("inventory", 180)]),
    pattern(1, "card declined", "card declined", 40, rate: 0.2, first: 1790, last: 1, steps: [("payment", 40)]),
    pattern(
      2, "java.net.ConnectException: Connection refused: <addr>",
      "java.net.ConnectException: Connection refused: 10.0.0.7:8084\n\tat java.base/sun.nio.ch.Net.pollConnect", 9,
      rate: 0.15, first: 61, last: 2, steps: [("payment", 6), ("delivery", 3)], isNew: true),
    pattern(3, "(no error text)", "", 1, rate: 0, first: 700, last: 700, steps: [(nil, 1)]),
    pattern(4, "\u{1b}[31m카드 <n>\u{7}", "\u{1b}[31m카드 12\u{7}", 1, rate: 0, first: 9, last: 9, steps: [("pay", 1)]),
  ]

  private static func node(
    _ name: String, _ verdict: NodeVerdict, _ steps: Int, _ share: Double, last: Double, failed: Int = 0
  ) -> NodeRow {
    let skew = "payment over 1,204 attempts: chi-square 31.4, p < 0.001"
    return NodeRow(
      node: name, verdict: verdict,
      reason: verdict == .silent ? "no work for 47s while its peers work" : "more than chance, \(skew)",
      sagas: steps / 3, steps: steps, failed: failed, undone: failed / 2, rate: last > 10 ? 0 : Double(steps) / 100,
      history: history(steps % 7 + 2, 12), p50: .milliseconds(120), p95: .milliseconds(480), share: share,
      evenShare: 1.0 / 3, lastAt: now - .seconds(last))
  }

  static let sampleNodes = NodeList(
    ListWindow([
      node("node-3", .silent, 820, 0.17, last: 47), node("node-1", .skewed, 2011, 0.418, last: 0.3, failed: 31),
      node("node-2", .skewed, 1985, 0.412, last: 0.1, failed: 200),
    ]), naming: .events, counts: [.silent: 1, .skewed: 2],
    spreads: [
      .init(
        nodes: 3, steps: ["delivery", "inventory", "order", "payment"],
        test: .init(step: "payment", counted: 1204, statistic: 31.4, degrees: 2, p: 0.000_000_6, isSkewed: true)),
      .init(nodes: 2, steps: ["notify"], test: nil), .init(nodes: 1, steps: ["audit"]),
    ], unnamed: 12)

  static let sampleMembers: [MemberRow] = (0..<12).map { index in
    MemberRow(
      group: index < 6 ? "inventory-service" : "payment-service", clientID: "client-node-\(index % 3)",
      host: "/10.0.0.\(index % 3)", partitions: index % 4, lag: index == 4 ? nil : .exact(Int64(index)))
  }

  /// Nodes of a system whose events contain no node name.
  static let memberNodes = NodeList(
    ListWindow(
      (0..<3).map {
        NodeRow(
          node: "client-node-\($0) /10.0.0.\($0)", verdict: .unknown, reason: "no event names a node",
          groups: ["inventory-service", "payment-service"], partitions: 4 + $0)
      }), naming: .members, counts: [.unknown: 3], unnamed: 4021)

  func nodes(_ query: NodeQuery, now: Timestamp) -> NodeList {
    nodeView.part(following: query.following, offset: query.offset, limit: query.limit)
  }

  func members(_ query: MemberQuery, now: Timestamp) -> MemberList {
    MemberList(memberRows).part(following: query.following, offset: query.offset, limit: query.limit)
  }

  /// Supports only the order of severity.
  func compensations(_ query: CompensationQuery, now: Timestamp) -> CompensationList {
    let rows = query.isReversed ? rollBacks.reversed() : rollBacks
    return CompensationList(
      ListWindow(rows), sums: rows.isEmpty ? CompensationSums() : Self.sampleSums
    ).part(following: query.following, offset: query.offset, limit: query.limit)
  }

  func failures(_ query: FailureQuery, now: Timestamp) -> FailureList {
    FailureList(
      ListWindow(patterns), failures: patterns.reduce(0) { $0 + $1.count }, dropped: patterns.isEmpty ? 0 : 7
    ).part(following: query.following, offset: query.offset, limit: query.limit)
  }
}
