import Core
import Testing
import Text

@testable import Reports

@Suite("Checks for monitoring systems")
struct CheckReportTests {
  private func result(
    _ text: String, name: String? = nil, _ number: Known<Double>, _ state: CheckState, about subject: String = ""
  ) throws -> CheckResult {
    let measured = Measured(number, about: subject)
    return CheckResult(check: try CheckParser.check(text, name: name), measured: measured, state: state)
  }

  @Test("one line, the worst first, with performance data without forbidden characters")
  func nagios() throws {
    let line = NagiosLine.text([
      try result("stuck:1:5", 0, .ok),
      try result("lag[group=pay|ment]:1000:10000", 12_000, .critical, about: "pay|ment\nno members"),
      try result("completion-rate:99:95", .exact(98.25), .warning),
      try result("lag-time:30s:5m", .unknown("why"), .unknown),
      try result("stuck:8:9", name: "it's=late", .atLeast(7, "kafka was not read"), .unknown),
    ])
    let parts = line.split(separator: "|")
    try #require(parts.count == 2)
    #expect(
      parts[0]
        == "SAGATOP CRITICAL - lag[group=pay/ment] 12000 (critical from 10000; pay/ment^Jno members), "
        + "completion-rate 98.25% (warning below 99%), lag-time: why, "
        + "it's=late: kafka was not read (>=7), stuck 0 ")
    #expect(
      parts[1]
        == " 'stuck'=0;1;5;0; 'lag pay/ment'=12000;1000;10000;0; 'completion-rate'=98.25%;99:;95:;0;100 "
        + "'lag-time'=U;30;300;0; 'it_s_late'=7;8;9;0;\n")
  }

  @Test("services and health are judged by verdict, so a line names no threshold that did not decide")
  func verdicts() throws {
    let line = NagiosLine.text([
      try result("service", 1, .critical, about: "payment: down"), try result("service:1:2", name: "s", 1, .warning),
    ])
    #expect(
      line
        == "SAGATOP CRITICAL - service 1 (payment: down), s 1 (warning from 1) | 'service'=1;;;0; 's'=1;1;2;0;\n")
    let text = JSONWriter.write(ChecksJSON.check(try result("health", 2, .critical)), isPretty: false)
    #expect(text.contains(#""warning":null,"critical":null"#))
  }

  @Test("in JSON each check has value, state and thresholds")
  func json() throws {
    let text = JSONWriter.write(
      ChecksJSON.check(try result("lag-time:30s:5m", name: "slow", .exact(61.5), .warning, about: "stock")),
      isPretty: false)
    #expect(
      text == #"{"name":"slow","check":"lag-time","state":"warning","value":61.5,"unit":"s","atLeast":false,"#
        + #""warning":30,"critical":300,"detail":"stock","quality":"exact","asOf":null}"#)
  }
}

@Suite("Metrics for Prometheus")
struct MetricsReportTests {
  private static let now = Timestamp(milliseconds: 1_769_508_202_000)

  private func text(
    context: String = "x", labels: [MetricLabel] = [], _ change: (inout SnapshotReport) -> Void = { _ in }
  ) -> String {
    var report = SnapshotReport(
      SnapshotView(
        header: HeaderView(context: context, now: Self.now), isComplete: false,
        overview: OverviewView(total: TypeView(type: ""), types: [TypeView(type: "order", completionRate: 0.5)])))
    change(&report)
    return SnapshotMetrics.text(report, sections: Set(SnapshotSection.allCases), labels: labels)
  }

  @Test("labels are escaped, and unknown values have no sample")
  func samples() {
    let text = text()
    #expect(text.contains("sagatop_snapshot_timestamp_seconds{context=\"x\"} 1769508202\n"))
    #expect(text.contains("sagatop_saga_completion_ratio{context=\"x\",type=\"order\"} 0.5\n"))
    #expect(text.contains("sagatop_sagas{context=\"x\",type=\"order\",status=\"completed\"} 0\n"))
    #expect(text.contains("sagatop_snapshot_complete{context=\"x\"} 0\n"))
    #expect(!text.contains("sagatop_saga_duration_seconds"))
    #expect(text.hasSuffix("# EOF\n"))
  }

  @Test("every series has the escaped context and the requested labels")
  func common() throws {
    let text = text(context: "te\"st\\\n", labels: [try #require(MetricLabel("site=b 1"))])
    let series = text.split(separator: "\n").filter { !$0.hasPrefix("#") }
    #expect(!series.isEmpty)
    for line in series { #expect(line.contains("{context=\"te\\\"st\\\\^J\",site=\"b 1\""), "\(line)") }
  }

  @Test("the number of series for groups is limited, and the number of omitted groups is reported")
  func bounded() {
    let text = text { report in
      let groups = (0..<1000).map { GroupRow(name: "g\($0)", verdict: .ok, lag: 1) }
      report.lag = LagReport(GroupList(ListWindow(groups)))
    }
    #expect(text.split(separator: "\n").count { $0.hasPrefix("sagatop_consumer_group_lag_messages{") } == 200)
    #expect(text.contains("sagatop_series_omitted{context=\"x\",kind=\"consumer_group\"} 800\n"))
  }

  @Test("series are unique: truncated long names are distinguished, and names with the same visible text are merged")
  func distinct() {
    let text = text { report in
      let long = String(repeating: "a", count: 300)
      let names = [
        long + "1", long + "2", "tab\u{1}", "tab^A", "b\u{200d}", "b", String(decoding: [0xff, 0x22], as: UTF8.self),
      ]
      report.lag = LagReport(GroupList(ListWindow(names.map { GroupRow(name: $0, verdict: .ok, lag: 1) })))
    }
    let series = text.split(separator: "\n").filter { $0.hasPrefix("sagatop_consumer_group_lag_messages{") }
    #expect(series.count == 5 && Set(series).count == 5, "\(series)")
    #expect(series.last == "sagatop_consumer_group_lag_messages{context=\"x\",group=\"\u{fffd}\\\"\"} 1")
    #expect(series.allSatisfy { $0.utf8.count < 200 })
  }

  @Test("pending compensations come from totals; failures have no text label; names may contain any characters")
  func history() {
    let text = text { report in
      var sums = CompensationSums()
      (sums.compensating, sums.failed, sums.startRate) = (2, 3, 0.5)
      sums.causes = [.init(type: "order", step: nil, count: 4)]
      report.snapshot.compensations = CompensationList(sums: sums)
      report.snapshot.oldestRollBacks = [
        OldestCompensation(type: "order", sagaID: "7", startedAt: Self.now - .seconds(90))
      ]
      report.snapshot.failures = FailureList(ListWindow(total: 7), failures: 90, dropped: 1)
      report.snapshot.nodes = NodeList(
        ListWindow([NodeRow(node: "kö\"n\n1", verdict: .skewed, share: 0.7)]), counts: [.skewed: 1])
      report.actions = ["not observed": 2]
    }
    for line in [
      "sagatop_compensation_backlog{context=\"x\"} 5", "sagatop_compensations{context=\"x\",outcome=\"failed\"} 3",
      "sagatop_compensation_oldest_seconds{context=\"x\"} 90",
      "sagatop_compensations_per_second{context=\"x\",event=\"begun\"} 0.5",
      "sagatop_compensation_causes{context=\"x\",type=\"order\",step=\"\"} 4", "sagatop_failures{context=\"x\"} 90",
      "sagatop_failure_patterns{context=\"x\"} 7",
      "sagatop_nodes{context=\"x\",verdict=\"skewed\"} 1",
      "sagatop_node_work_ratio{context=\"x\",node=\"kö\\\"n^J1\"} 0.7",
      "sagatop_node_trouble{context=\"x\",node=\"kö\\\"n^J1\"} 1",
      "sagatop_actions{context=\"x\",outcome=\"not observed\"} 2",
    ] { #expect(text.contains("\n\(line)\n"), "\(line) is not in \(text)") }
    let names = text.split(separator: "\n").filter { !$0.hasPrefix("#") }.flatMap {
      $0.matches(of: /([a-z_]+)="/).map { String($0.1) }
    }
    #expect(Set(names).isSubset(of: SnapshotMetrics.ownLabels), "\(names)")
    #expect(!text.contains("sagatop_compensations_per_second{event=\"done\"}"))
  }
}
