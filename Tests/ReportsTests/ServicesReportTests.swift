import Core
import Testing
import Text

@testable import Reports

@Suite("Snapshot section services")
struct ServicesReportTests {
  private static let now = Timestamp(milliseconds: 1_769_508_202_000)

  private static let body = """
    {"status":"UP","components":{
      "circuitBreakers":{"details":{"pay":{"details":{"state":"HALF_OPEN","failureRate":"12.5%"}}}},
      "db":{"status":"DOWN","details":{"error":"gone\\u001b"}}}}
    """

  private static let view: ServiceList = {
    var row = InstanceRow(url: "http://a/health", node: "node-1", verdict: .degraded, reason: "partly down: db is DOWN")
    let answer = ServiceSample.Answer(
      status: 200, phases: .init(connect: .milliseconds(1), total: .microseconds(4_100)),
      body: HealthBodyReader().read(Array(body.utf8)))
    row.answer = answer
    (row.latency, row.uptime, row.since) = (.microseconds(4_100), 0.5, Since(now - .seconds(260), isAtLeast: true))
    row.circuits = answer.body.circuits.map { CircuitRow($0) }
    let service = ServiceRow(
      name: "pay\u{1b}[31m", verdict: row.verdict, reason: row.reason, since: row.since, instances: [row])
    let unknown = InstanceRow(url: "http://b", verdict: .unknown, reason: "not asked yet")
    return ServiceList(of: [service, ServiceRow(name: "b", verdict: .unknown, instances: [unknown])])
  }()

  private static let snapshot = SnapshotView(
    header: HeaderView(context: "test", now: now), isComplete: true,
    overview: OverviewView(total: TypeView(type: "")))

  private var json: String {
    JSONWriter.write(
      SnapshotJSON.document(SnapshotReport(Self.snapshot, services: Self.view), sections: [.services]), isPretty: false)
  }

  @Test(
    "every value is present, and unknown ones are null",
    arguments: [
      #""services":[{"name":"pay\u001b[31m","url":"http://a/health","verdict":"degraded","#,
      #""reason":"partly down: db is DOWN","since":"2026-01-27T09:59:02.000Z","sinceAtLeast":true,"ageMs":260000"#,
      #""flapping":false,"httpStatus":200,"latencyMs":4.1,"uptime":0.5,"rate":null"#,
      #""circuits":[{"name":"pay","state":"halfOpen","since":null"#, #""failureRate":0.125,"threshold":null"#,
      #""phases":{"lookupMs":0,"connectMs":1,"tlsMs":0"#,
      #""components":[{"name":"db","status":"DOWN","meaning":"down","detail":"gone\u001b"}]"#, #""metrics":null"#,
      #"{"name":"b","url":"http://b","verdict":"unknown","reason":"","since":null,"sinceAtLeast":null,"ageMs":null"#,
      #""httpStatus":null,"latencyMs":null,"uptime":null"#,
    ])
  func member(text: String) {
    #expect(json.contains(text), "\(json)")
  }

  @Test("the table has a line per instance and circuit breaker, and no control characters")
  func table() {
    let text = SnapshotTable.text(SnapshotReport(Self.snapshot, services: Self.view), sections: [.services])
    #expect(text.contains("node-1") && text.contains("degraded") && text.contains(">4m20s"))
    #expect(text.contains("halfOpen") && text.contains("12.5 %"))
    #expect(text.unicodeScalars.allSatisfy { $0 == "\n" || $0.value >= 0x20 })
  }

  @Test("without a poll, or if not requested, the section is absent")
  func absent() {
    let document = SnapshotJSON.document(SnapshotReport(Self.snapshot, services: Self.view), sections: [.sagas])
    #expect(!JSONWriter.write(document, isPretty: false).contains("\"services\""))
    let other = SnapshotJSON.document(SnapshotReport(Self.snapshot), sections: [.services])
    #expect(!JSONWriter.write(other, isPretty: false).contains("\"services\""))
  }
}
