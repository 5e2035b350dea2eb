import Core
import Testing
import Text

@testable import Reports

@Suite("Snapshot sections compensations, failures and nodes")
struct HistoryReportTests {
  private static let now = Timestamp(milliseconds: 1_769_508_202_000)
  private static let handle = SagaHandle(slot: 0, generation: 1)

  private static let snapshot: SnapshotView = {
    var sums = CompensationSums()
    (sums.compensating, sums.failed, sums.compensated, sums.mean) = (1, 1, 3, .milliseconds(612))
    sums.causes = [.init(type: "order", step: nil, count: 1, rate: 0.5)]
    sums.concentrations = [.init(kind: .node, name: "node-2", count: 2, share: 0.4)]
    let row = CompensationView(
      saga: handle, sagaID: "7f3a", type: "order", failedStep: "payment", error: "no \u{1b}[31m", node: "node-2",
      undone: [.init(step: "inventory", time: now, node: nil)],
      owed: [.init(step: "order", hasFailed: true, time: nil, error: "refused"), .init(step: "stock")],
      startedAt: now - .seconds(2), outcome: .failed, isStuck: false, trigger: .operator("kim@jump-1"), attempts: 2)
    let pattern = FailurePatternRow(
      id: FailurePatternID(place: 0, generation: 1), pattern: "short <n>", example: "short 7", count: 7,
      isLowerBound: true, sagas: 5, rate: nil, firstAt: now, lastAt: now, isNew: true,
      steps: [NamedCount(name: "payment", count: 6), NamedCount(name: nil, count: 1)],
      samples: [.init(saga: handle, id: "7f3a")])
    let node = NodeRow(
      node: "node-1", verdict: .even, reason: "so", sagas: 3, steps: 9, failed: 1, undone: 0, p50: .milliseconds(4),
      share: 1.0 / 3, evenShare: 0.5)
    return SnapshotView(
      header: HeaderView(context: "test", now: now), isComplete: true,
      overview: OverviewView(total: TypeView(type: "")),
      compensations: CompensationList(ListWindow([row]), sums: sums),
      failures: FailureList(ListWindow([pattern]), dropped: 4),
      nodes: NodeList(
        ListWindow([node, NodeRow(node: "m", verdict: .unknown, groups: ["g"], partitions: 2)]), naming: .members,
        spreads: [
          .init(
            nodes: 3, steps: ["a", "b"],
            test: .init(step: "a", counted: 100, statistic: 2.5, degrees: 2, p: 0.25, isSkewed: false)),
          .init(nodes: 1, steps: []),
        ], unnamed: 8))
  }()

  @Test(
    "every value is present, and unknown ones are null",
    arguments: [
      #""saga":"7f3a","type":"order","failedStep":"payment","error":"no \u001b[31m","node":"node-2","product":null,"steps":["inventory"]"#,
      #""remaining":["order","stock"],"undone":[{"step":"inventory","at":"2026-01-27T10:03:22.000Z","node":null}]"#,
      #""notUndone":[{"step":"order","at":null,"error":"refused"}],"startedAt":"2026-01-27T10:03:20.000Z""#,
      #""endedAt":null,"durationMs":2000,"outcome":"failed","stuck":false,"trigger":"operator","operator":"kim@jump-1""#,
      #""attempts":2,"round":1}],"compensationSums":{"backlog":2,"compensating":1,"stuck":0,"failed":1,"compensated":3"#,
      #""durationMs":{"mean":612,"p95":null},"causes":[{"type":"order","step":null,"count":1,"rate":0.5}]"#,
      #""concentrations":[{"kind":"node","name":"node-2","count":2,"share":0.4}]"#,
      #""failures":[{"pattern":"short <n>","example":"short 7","step":"payment","count":7,"atLeast":true,"sagas":5"#,
      #""new":true,"steps":[{"step":"payment","count":6},{"step":null,"count":1}],"nodes":[],"samples":["7f3a"]}]"#,
      #""failuresDropped":4,"failuresQuality":"exact","failuresAsOf":null,"nodes":[{"node":"node-1","version":null,"verdict":"even","reason":"so","sagas":3,"steps":9,"failed":1"#,
      #""share":0.333333,"evenShare":0.5,"rate":null,"durationMs":{"p50":4,"p95":null},"lastAt":null,"groups":[]"#,
      #""sagas":null,"steps":null,"failed":null,"undone":null,"share":null,"evenShare":null"#,
      #""groups":["g"],"partitions":2,"pod":null}],"nodeNaming":"members","nodeSpreads":[{"nodes":3,"steps":["a","b"],"verdict":"even""#,
      #""step":"a","attempts":100,"chiSquare":2.5,"degrees":2,"p":0.25},{"nodes":1,"steps":[],"verdict":"unknown""#,
      #""workWithoutNode":8"#,
    ])
  func json(part: String) {
    let document = SnapshotJSON.document(SnapshotReport(Self.snapshot), sections: [.compensations, .failures, .nodes])
    let text = JSONWriter.write(document, isPretty: false)
    #expect(text.contains(part), "\(text)")
  }

  @Test("the tables contain the same, escaped for terminals")
  func table() {
    let text = SnapshotTable.text(SnapshotReport(Self.snapshot), sections: [.compensations, .failures, .nodes])
    for part in ["7f3a", "operator", "order,stock", ">7", "short <n>", "node-1", "33.3 %", "PARTITIONS"] {
      #expect(text.contains(part), "\(part): \(text)")
    }
    #expect(!text.contains("\u{1b}"))
  }

  @Test("numbers are plain in CSV, also lower bounds")
  func csv() {
    let text = SnapshotTable.text(SnapshotReport(Self.snapshot), sections: [.failures], style: .csv)
    #expect(text.contains("\r\n7,5,,"), "\(text)")
    #expect(SnapshotTable.text(SnapshotReport(Self.snapshot), sections: [.failures]).contains(">7"))
  }

  @Test("an unrequested section is absent", arguments: ["compensations", "failures", "nodes"])
  func left(section: String) {
    let text = JSONWriter.write(
      SnapshotJSON.document(SnapshotReport(Self.snapshot), sections: [.sagas]), isPretty: false)
    #expect(!text.contains("\"\(section)\""))
  }
}
