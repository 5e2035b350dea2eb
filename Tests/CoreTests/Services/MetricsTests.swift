import Testing

@testable import Core

@Suite("Metrics in Prometheus' text")
struct MetricsTests {
  @Test(
    "a line of the format is read",
    arguments: [
      ("up 1", "up", 1), ("a:b_c{} 2.5e3", "a:b_c", 2500), (#"r{m="GET",s="2\"0\\0"} 7 1700000000000"#, "r", 7),
      ("r{ m = \"x\" , } -3", "r", -3), ("inf +Inf", "inf", .infinity),
    ] as [(String, String, Double)])
  func good(line: String, name: String, value: Double) throws {
    let sample = try #require(MetricSample(line))
    #expect(sample.name == name && sample.value == value)
  }

  @Test("labels are read with their escapes")
  func labels() throws {
    let sample = try #require(MetricSample(#"r{m="GET",s="2\"0\\0\n"} 7"#))
    #expect(sample.label("m") == "GET" && sample.label("s") == "2\"0\\0\n")
  }

  @Test(
    "any other line is none",
    arguments: [
      "", "1abc 2", "name", "name ", "name x", "name 1 2 3", "name{a=1} 2", "name{a=\"1} 2", "name{a=\"1\"",
      "name{a=\"\\q\"} 1",
      "name{a=\"1\" b=\"2\"} 1", "name{a} 1", "name 1 1.5", "name 0x10", "na-me 1", "name}1",
    ])
  func bad(line: String) { #expect(MetricSample(line) == nil) }

  private func scrape(_ ok: Int, _ failed: Int, _ buckets: [Int], start: Int = 100) -> MetricsPage {
    let limits = ["0.1", "0.5", "+Inf"]
    let lines = zip(limits, buckets).map { #"http_request_duration_seconds_bucket{handler="/",le="\#($0)"} \#($1)"# }
    return PrometheusText(gauges: ["online_users_count"]).read(
      Array(
        """
        # HELP http_requests_total Requests.
        # TYPE http_requests_total counter
        http_requests_total{handler="/",method="GET",status="2xx"} \(ok)
        http_requests_total{handler="/",method="GET",status="500"} \(failed)
        \(lines.joined(separator: "\n"))
        process_start_time_seconds \(start)
        online_users_count{service="chat"} 42

        this is no line
        """.utf8))
  }

  @Test("rate, error share and quantiles are those of the time between two scrapes")
  func difference() {
    var state = MetricsState()
    state.note(scrape(100, 10, [50, 100, 110]), at: ServiceScenario.start)
    #expect(state.rate == nil && state.p95 == nil && state.badLines == 1)
    #expect(state.firstBadLine == "this is no line")
    #expect(state.gauges == [.init("online_users_count{service=chat}", 42)])
    state.note(scrape(190, 20, [140, 200, 210]), at: ServiceScenario.start + .seconds(10))
    #expect(state.rate == 10 && state.errorShare == 0.1)
    // 90 of 100 took up to 0.1 s, the others up to 0.5 s.
    #expect(abs((state.p50?.seconds ?? 0) - 0.1 * 50 / 90) < 1e-9)
    #expect(abs((state.p95?.seconds ?? 0) - 0.3) < 1e-9)
  }

  @Test("counters that began again count from zero, told by the start of the process or by going down")
  func reset() {
    for start in [100, 200] {
      var state = MetricsState()
      state.note(scrape(1000, 10, [1000, 1010, 1010]), at: ServiceScenario.start)
      state.note(scrape(20, 0, [20, 20, 20], start: start), at: ServiceScenario.start + .seconds(10))
      #expect(state.rate == 2 && state.errorShare == 0)
      #expect((state.p95 ?? .zero) <= .milliseconds(100))
    }
  }

  @Test("without requests between two scrapes there is no share and no quantile")
  func idle() {
    var state = MetricsState()
    for second in 0..<2 { state.note(scrape(5, 1, [5, 6, 6]), at: ServiceScenario.start + .seconds(second)) }
    #expect(state.rate == 0 && state.errorShare == nil && state.p50 == nil)
  }

  @Test("what takes longer than the last limit is at that limit")
  func beyond() {
    var state = MetricsState()
    state.note(scrape(0, 0, [0, 0, 0]), at: ServiceScenario.start)
    state.note(scrape(10, 0, [0, 0, 10]), at: ServiceScenario.start + .seconds(1))
    #expect(state.p50 == .milliseconds(500))
  }
}
