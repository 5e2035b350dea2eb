import Core
import Testing
import Text

@testable import Reports

@Suite("Snapshot section lag")
struct LagReportTests {
  private static let now = Timestamp(milliseconds: 1_769_508_202_000)

  private static let stopped = GroupView(
    row: GroupRow(
      name: "pay\u{1b}[31m", verdict: .stopped, reason: "nothing commits", state: nil, members: nil, lag: 12,
      lagTime: LagTime(.milliseconds(250), .atLeast), drain: .notDraining, rateIn: 2.1234567, rateOut: 0,
      error: "cannot describe"),
    partitions: [
      GroupPartitionRow(
        topic: "orders", partition: 0, verdict: .stopped, committed: 10, start: 0, end: 22, lag: 12,
        lagTime: LagTime(.milliseconds(250), .atLeast)),
      GroupPartitionRow(topic: "orders", partition: 1, verdict: .none),
    ])

  private static let ok = GroupView(
    row: GroupRow(
      name: "stock", verdict: .ok, state: .stable, members: 1, lag: .exact(.max), lagTime: .zero,
      drain: .after(.seconds(3)),
      rateIn: .nan, rateOut: .infinity, rebalancing: .init(since: now, changes: 2)),
    members: [GroupMemberRow(clientID: "c-1", host: "10.0.0.1", partitions: 2, lag: nil)], skew: 1)

  private static let report = LagReport(
    GroupList(
      ListWindow([stopped.row, ok.row]), counts: [.stopped: 1, .ok: 1], readAt: now, took: .microseconds(45_500),
      requests: 12, isListed: false, incompleteness: "2 more consumer groups are not read"),
    topics: TopicList(
      ListWindow([TopicRow(topic: "orders.DLT", partitions: 1, messages: 7, isDeadLetter: true, groups: ["a", "b"])])),
    groups: [stopped, ok])

  private static let snapshot = SnapshotView(
    header: HeaderView(context: "test", now: now), isComplete: true,
    overview: OverviewView(total: TypeView(type: "")))

  private var json: String {
    JSONWriter.write(
      SnapshotJSON.document(SnapshotReport(Self.snapshot, lag: Self.report), sections: [.lag]), isPretty: false)
  }

  @Test(
    "every number is present, and unknown ones are null",
    arguments: [
      #""lag":{"readAt":"2026-01-27T10:03:22.000Z","tookMs":45.5,"requests":12,"listed":false"#,
      #""listed":false,"incompleteness":"2 more consumer groups are not read","verdicts":"#,
      #""group":"pay\u001b[31m","state":null,"verdict":"stopped","reason":"nothing commits","lag":12,"lagMs":250"#,
      #""lagQuality":"atLeast","driftMs":null,"drainMs":null,"draining":false,"rateIn":2.123457,"rateOut":0"#,
      #""members":null,"skew":null,"rebalancingSince":null,"rebalances":null,"error":"cannot describe""#,
      #""consumers":null,"partitions":[{"topic":"orders","partition":0,"verdict":"stopped","reason":"","#,
      #""committed":10,"start":0,"end":22,"lag":12,"lagMs":250"#,
      #""partition":1,"verdict":"none","reason":"","committed":null,"start":null,"end":null,"lag":null,"lagMs":null"#,
      #""lag":9223372036854775807,"lagMs":0,"lagQuality":"exact","driftMs":null,"drainMs":3000,"draining":true"#,
      #""rateIn":null,"rateOut":null,"members":1,"skew":1,"rebalancingSince":"2026-01-27T10:03:22.000Z","rebalances":2"#,
      #""consumers":[{"clientId":"c-1","host":"10.0.0.1","assigned":2,"lag":null,"lagCountQuality":"unknown"}]"#,
      #""topics":[{"topic":"orders.DLT","partitionCount":1,"messages":7,"rateIn":null,"skew":null,"deadLetter":true"#,
      #""readers":["a","b"]"#, #""verdicts":{"ok":1,"none":null,"unknown":null,"warning":null,"#,
    ])
  func member(text: String) {
    #expect(json.contains(text))
  }

  @Test("the table contains groups, topics and, if requested, partitions; it is aligned and escaped")
  func table() {
    var selection = TableSelection()
    selection.tables = ["groups", "partitions", "topics"]
    let report = SnapshotReport(Self.snapshot, lag: Self.report)
    #expect(!SnapshotTable.text(report, sections: [.lag]).contains("PARTITION "))
    let text = SnapshotTable.text(report, sections: [.lag], selection: selection)
    #expect(!text.unicodeScalars.contains("\u{1b}"))
    let parts = text.split(separator: "\n\n").map { $0.split(separator: "\n").map { $0.split(separator: " ") } }
    #expect(
      parts.map { $0[0].joined(separator: " ") } == [
        "GROUP VERDICT STATE MEMBERS LAG OLDEST DRAIN IN OUT REASON",
        "GROUP TOPIC PARTITION MEMBER HOST COMMITTED START END LAG OLDEST VERDICT",
        "TOPIC KIND PARTITIONS MESSAGES IN SKEW GROUPS",
      ])
    #expect(parts[0][1].joined(separator: " ") == "pay^[[31m stopped - - 12 >0.2s never 2.1/s 0.0/s nothing commits")
    #expect(parts[0][2].joined(separator: " ") == "stock ok Stable 1 9223372036854775807 0.0s 3.0s - - -")
    #expect(parts[1][1].joined(separator: " ") == "pay^[[31m orders 0 - - 10 0 22 12 >0.2s stopped")
    #expect(parts[1][2].joined(separator: " ") == "pay^[[31m orders 1 - - - - - - - none")
    #expect(parts[2][1].joined(separator: " ") == "orders.DLT dead letter 1 7 - - a,b")
  }

  @Test("an unrequested section is absent")
  func sections() {
    let text = JSONWriter.write(
      SnapshotJSON.document(SnapshotReport(Self.snapshot, lag: Self.report), sections: [.sagas]), isPretty: false)
    #expect(!text.contains(#""lag""#))
    #expect(
      SnapshotTable.text(SnapshotReport(Self.snapshot, lag: Self.report), sections: [.sources]).hasPrefix("SOURCE"))
  }
}
