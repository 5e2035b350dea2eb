import Core

@testable import TUI

extension Fixture {
  static let hostileName = "evil-\u{1b}[31mred\u{1b}]0;owned\u{07}-그룹"

  /// A lag that rises to `end`, with one failed reading in between.
  private static func rising(to end: Double) -> [Double?] {
    (0..<40).map { $0 == 20 ? nil : end * Double($0) / 39 }
  }

  /// One group per verdict, in the store's order: the worst first.
  static let sampleGroups: [GroupView] = [
    payment, stopped, stalled, truncated, recreated, rewound, warning, huge, neverCommitted, ok, rebalancing, unknown,
  ].sorted { $1.row.verdict < $0.row.verdict }

  private static func offsets(
    _ partition: Int32, committed: Int64?, end: Int64?, _ verdict: LagVerdict = .ok, _ time: LagTime = .zero,
    client: String? = nil
  ) -> GroupPartitionRow {
    GroupPartitionRow(
      topic: "inventory-reserved", partition: partition, verdict: verdict,
      reason: verdict == .ok ? "" : "committed offset \(committed ?? 0) stands while \(end ?? 0) is reached",
      clientID: client, host: client.map { _ in "10.0.0.\(partition)" }, committed: committed, start: 0, end: end,
      lag: Known(committed.flatMap { c in end.map { $0 - c } }), lagTime: time, rateIn: 2.1, rateOut: 0)
  }

  private static let payment = GroupView(
    row: GroupRow(
      name: "payment-service", verdict: .empty,
      reason: "it has no members while 214 messages wait, the oldest for 4m10s", state: .empty, members: 0, lag: 214,
      lagTime: LagTime(.seconds(250), .exact), drain: .notDraining, rateIn: 2.1, rateOut: 0, history: rising(to: 214),
      topics: ["inventory-reserved"], partitions: 3),
    partitions: [
      offsets(2, committed: 91_200, end: 91_380, .empty, LagTime(.seconds(250), .exact)),
      offsets(0, committed: 91_000, end: 91_034, .empty, LagTime(.seconds(12), .interpolated)),
      offsets(1, committed: 90_000, end: 90_000),
    ], members: [], skew: 2.5)

  private static let stopped = GroupView(
    row: GroupRow(
      name: "delivery-service", verdict: .stopped,
      reason: "its last commit is 6m03s old (it committed every 5.0s) while 88 messages wait", lag: 88,
      lagTime: LagTime(.seconds(363), .atLeast), drain: .notDraining, rateIn: 0.4, rateOut: 0,
      history: rising(to: 88), topics: ["payment-completed"], partitions: 3,
      error: "the broker does not describe groups: UNSUPPORTED_VERSION"),
    partitions: [offsets(0, committed: 12, end: 100, .stopped, LagTime(.seconds(363), .atLeast))])

  private static let stalled = GroupView(
    row: GroupRow(
      name: "notification-service-of-the-whole-company", verdict: .stalled,
      reason: "it has 2 members and commits, but offset 4,410 of order-cancelled/1 has stood still for 1m30s while its "
        + "end moved by 1,204", state: .stable, members: 2, lag: 1_204, lagTime: LagTime(.seconds(90), .interpolated),
      drain: .notDraining, rateIn: 13.4, rateOut: 0, history: rising(to: 1204),
      topics: ["delivery-completed", "delivery-started", "order-cancelled", "order-created"], partitions: 12),
    partitions: (0..<12).map { partition in
      offsets(
        partition, committed: 4_410, end: partition == 1 ? 5_614 : 4_410, partition == 1 ? .stalled : .ok,
        partition == 1 ? LagTime(.seconds(90), .interpolated) : .zero, client: "notify-\(partition % 2)")
    },
    members: [
      GroupMemberRow(clientID: "notify-0", host: "10.0.0.14", partitions: 6, lag: 0),
      GroupMemberRow(clientID: "notify-1-\u{1b}[7m알림", host: "10.0.0.15", partitions: 6, lag: 1_204),
    ], skew: 12)

  private static let truncated = GroupView(
    row: GroupRow(
      name: "audit", verdict: .truncated, reason: "3,000 messages were deleted before it had read them", state: .stable,
      members: 1, lag: 17_000, lagTime: LagTime(.seconds(93_600), .atLeast), drain: .after(.seconds(1_700)),
      rateIn: 2.1, rateOut: 12.1, history: [30_000, 25_000, nil, 17_000], topics: ["order-created"], partitions: 1))

  private static let recreated = GroupView(
    row: GroupRow(
      name: "search-index", verdict: .recreated, reason: "the end of product-events/0 went back from 5,000 to 12",
      state: .stable, members: 1, lag: 12, lagTime: LagTime(.seconds(2), .exact), drain: .after(.seconds(1)),
      rateIn: 0, rateOut: 0, topics: ["product-events"], partitions: 1))

  private static let rewound = GroupView(
    row: GroupRow(
      name: "reports", verdict: .rewound, reason: "its commit went back by 48,000 messages 12s ago",
      state: .stable, members: 4, lag: 48_000, lagTime: LagTime(.seconds(7_300), .interpolated),
      drain: .after(.seconds(48)), rateIn: 10, rateOut: 1010, history: [0, 0, 0, 48_000, 47_000],
      topics: ["order-created"], partitions: 8))

  private static let warning = GroupView(
    row: GroupRow(
      name: "order-service", verdict: .warning, reason: "its lag grows by 3.2/s over the last 2m00s", state: .stable,
      members: 3, lag: 412, lagTime: LagTime(.milliseconds(8_400), .interpolated), drain: .notDraining, rateIn: 42.4,
      rateOut: 39.2, history: rising(to: 412), topics: ["delivery-completed", "inventory-failed", "payment-failed"],
      partitions: 9))

  private static let huge = GroupView(
    row: GroupRow(
      name: hostileName, verdict: .warning, reason: "its lag is \u{1b}[2Jhuge", state: .stable, members: 100_000,
      lag: .exact(.max), lagTime: LagTime(.seconds(1_000_000_000), .interpolated, drift: .milliseconds(3_200)),
      drain: .after(.seconds(1_000_000_000)), rateIn: 1e300, rateOut: 123_456, history: [.infinity, 1e300, .nan, -1],
      topics: ["\u{1b}]52;c;aGk=\u{07}"], partitions: .max),
    partitions: [
      GroupPartitionRow(
        topic: "\u{1b}]52;c;aGk=\u{07}", partition: .max, verdict: .warning, reason: "\u{1b}[2J", clientID: "\u{9b}31m",
        host: "::ffff:10.0.0.255", committed: 0, start: .min, end: .max, lag: .exact(.max),
        lagTime: LagTime(.seconds(1_000_000_000), .interpolated, drift: .milliseconds(3_200)), rateIn: 1e300)
    ], skew: 1e30)

  private static let neverCommitted = GroupView(
    row: GroupRow(
      name: "new-service", verdict: .none, reason: "it has never committed", state: .stable, members: 1,
      topics: ["order-created"], partitions: 3),
    partitions: [offsets(0, committed: nil, end: 120_034, .none, .unknown, client: "new-0")],
    members: [GroupMemberRow(clientID: "new-0", host: "10.0.0.9", partitions: 3, lag: nil)])

  private static let ok = GroupView(
    row: GroupRow(
      name: "inventory-service", verdict: .ok, reason: "it reads; 3 messages wait", state: .stable, members: 2, lag: 3,
      lagTime: LagTime(.milliseconds(80), .exact), drain: .after(.milliseconds(70)), rateIn: 42.4, rateOut: 42.4,
      history: (0..<60).map { Double($0 * 7 % 11) }, topics: ["order-created", "payment-failed"], partitions: 6),
    partitions: [offsets(0, committed: 120_031, end: 120_034, .ok, LagTime(.milliseconds(80), .exact), client: "inv-0")]
  )

  private static let rebalancing = GroupView(
    row: GroupRow(
      name: "pricing", verdict: .ok, reason: "nothing waits", state: .preparingRebalance, members: 3, lag: 0,
      lagTime: .zero, drain: .nothing, rateIn: 0, rateOut: 0, history: Array(repeating: 0, count: 30),
      topics: ["product-events"], partitions: 1, rebalancing: .init(since: now - .seconds(12), changes: 3)))

  private static let unknown = GroupView(
    row: GroupRow(name: "legacy-batch", verdict: .unknown, reason: "", error: "10.0.0.7:9092: not coordinator"))

  static let sampleTopics: [TopicRow] = [
    TopicRow(topic: "payment.DLT", partitions: 1, messages: 214, rateIn: 0.1, isDeadLetter: true),
    TopicRow(
      topic: "order-created", partitions: 3, messages: 120_034, rateIn: 42.4, skew: 1.1,
      groups: ["audit", "inventory-service", "new-service", "reports"]),
    TopicRow(
      topic: "inventory-reserved", partitions: 3, messages: 91_441, rateIn: 2.1, skew: 2.5, groups: ["payment-service"]),
    TopicRow(topic: "\u{1b}]52;c;aGk=\u{07}주문", partitions: .max, messages: .exact(.max), rateIn: 1e300, skew: 1e30),
    TopicRow(topic: "unread", partitions: 12),
    TopicRow(topic: "order.DLT", partitions: 1, messages: 0, isDeadLetter: true),
  ]

  static let manyGroups: [GroupView] = (0..<300).map { number in
    let isBad = number < 2
    return GroupView(
      row: GroupRow(
        name: "consumer-\(String(number, radix: 36))", verdict: isBad ? .stalled : .ok,
        reason: isBad ? "its commit stands still" : "it reads", state: .stable, members: 1,
        lag: .exact(Int64(9_000 / (number + 1))),
        lagTime: LagTime(.milliseconds(Int64(90_000 / (number + 1))), .interpolated),
        rateIn: 1, rateOut: 1, topics: ["topic-\(number % 50)"], partitions: 20))
  }

  func groups(_ query: GroupQuery, now: Timestamp) -> GroupList {
    let rows = groups.map(\.row)
    return GroupList(
      query.window(of: rows, now: now), counts: Dictionary(grouping: rows, by: \.verdict).mapValues(\.count),
      readAt: lagReadAt,
      took: .milliseconds(45), requests: 12, isListed: isListed)
  }

  func topics(_ query: TopicQuery, now: Timestamp) -> TopicList {
    TopicList(query.window(of: topics, now: now), of: topics)
  }

  func group(_ name: String, now: Timestamp) -> GroupView? { groups.first { $0.row.name == name } }
}
