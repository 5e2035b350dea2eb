import Testing

@testable import Core

@Suite("Metrics in Prometheus' text format")
struct MetricsTests {
  @Test(
    "lines of the format are parsed",
    arguments: [
      ("up 1", "up", 1), ("a:b_c{} 2.5e3", "a:b_c", 2500), (#"r{m="GET",s="2\"0\\0"} 7 1700000000000"#, "r", 7),
      ("r{ m = \"x\" , } -3", "r", -3), ("inf +Inf", "inf", .infinity),
    ] as [(String, String, Double)])
  func good(line: String, name: String, value: Double) throws {
    let sample = try #require(MetricSample(line))
    #expect(sample.name == name && sample.value == value)
  }

  @Test("a line with a hundred thousand labels is refused in linear time", .timeLimit(.minutes(1)))
  func labelFlood() {
    let labels = { (count: Int) in (0..<count).map { "a\($0)=\"\"," }.joined() }
    #expect(MetricSample("r{\(labels(128))} 1") != nil)
    #expect(MetricSample("r{\(labels(129))} 1") == nil)
    #expect(MetricSample("r{\(labels(200_000))} 1") == nil)
  }

  @Test("labels are read with their escapes")
  func labels() throws {
    let sample = try #require(MetricSample(#"r{m="GET",s="2\"0\\0\n"} 7"#))
    #expect(sample.label("m") == "GET" && sample.label("s") == "2\"0\\0\n")
  }

  @Test(
    "any other line is refused",
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

  @Test("rate, error share and quantiles are those between two scrapes")
  func difference() {
    var state = MetricsState()
    state.note(scrape(100, 10, [50, 100, 110]), at: ServiceScenario.start)
    #expect(state.rate == nil && state.p95 == nil && state.badLines == 1)
    #expect(state.firstBadLine == "this is no line")
    #expect(state.gauges == [.init("online_users_count{service=chat}", 42)])
    state.note(scrape(190, 20, [140, 200, 210]), at: ServiceScenario.start + .seconds(10))
    #expect(state.rate == 10 && state.errorShare == 0.1)
    // 90 of 100 requests took at most 0.1 s, the others at most 0.5 s.
    #expect(abs((state.p50?.seconds ?? 0) - 0.1 * 50 / 90) < 1e-9)
    #expect(abs((state.p95?.seconds ?? 0) - 0.3) < 1e-9)
  }

  /// A state after three scrapes at intervals of ten seconds, with 10 requests per second.
  private func running(start: Int = 100) -> MetricsState {
    var state = MetricsState()
    state.note(scrape(800, 10, [800, 810, 810], start: start), at: ServiceScenario.start - .seconds(20))
    state.note(scrape(900, 10, [900, 910, 910], start: start), at: ServiceScenario.start - .seconds(10))
    state.note(scrape(1000, 10, [1000, 1010, 1010], start: start), at: ServiceScenario.start)
    return state
  }

  @Test("counters of a new process start at zero, and so do decreased counters of the same process")
  func reset() {
    let now = Int(ServiceScenario.start.milliseconds / 1000)
    for (before, after) in [(100, now + 5), (100, 100)] {
      var state = running(start: before)
      state.note(scrape(20, 0, [20, 20, 20], start: after), at: ServiceScenario.start + .seconds(10))
      #expect(state.rate == 2 && state.errorShare == 0, "\(after)")
      #expect((state.p95 ?? .zero) <= .milliseconds(100))
    }
  }

  @Test("a start time that moves by less than a second is the same process")
  func jitter() {
    var state = MetricsState()
    func page(_ count: Int, _ start: Double) -> MetricsPage {
      PrometheusText().read(Array("http_requests_total \(count)\nprocess_start_time_seconds \(start)\n".utf8))
    }
    state.note(page(100, 1000.2), at: ServiceScenario.start)
    state.note(page(110, 1000.9), at: ServiceScenario.start + .seconds(10))
    #expect(state.rate == 1)
  }

  @Test("several processes that respond alternately give no rate, detected by start times or by counters alone")
  func several() {
    var state = running()
    for turn in 1...6 {
      let (count, start) = turn.isMultiple(of: 2) ? (1000 + turn, 100) : (5000 + turn, 50)
      state.note(
        scrape(count, 0, [count, count, count], start: start), at: ServiceScenario.start + .seconds(10 * turn))
      #expect(state.rate == nil && state.p50 == nil)
    }
    #expect(state.note?.contains("several processes respond at this address") == true)
    state = MetricsState()
    for turn in 0...9 {
      let count = (turn.isMultiple(of: 2) ? 900_000 : 500_000) + turn * 10
      state.note(
        PrometheusText().read(Array("http_requests_total \(count)\n".utf8)),
        at: ServiceScenario.start + .seconds(10 * turn))
      if turn > 2 { #expect(state.rate == nil, "\(turn)") }
    }
  }

  @Test("two workers behind one address with similar counters give no rate either")
  func workers() {
    var state = MetricsState()
    for turn in 0..<30 {
      let count = turn.isMultiple(of: 2) ? 1000 + 10 * turn : 1500 + 15 * turn
      state.note(
        PrometheusText().read(Array("http_requests_total \(count)\n".utf8)),
        at: ServiceScenario.start + .seconds(turn))
      if turn > 1 { #expect(state.rate == nil, "\(turn): \(state.rate ?? 0)") }
    }
  }

  @Test("the first sample of a series adds nothing; a removed series subtracts nothing")
  func comeAndGo() {
    var state = MetricsState()
    func page(_ series: [(String, Int)]) -> MetricsPage {
      PrometheusText().read(Array(series.map { "http_requests_total{path=\"\($0)\"} \($1)\n" }.joined().utf8))
    }
    state.note(page([("/a", 100), ("/b", 5000)]), at: ServiceScenario.start)
    state.note(page([("/a", 120), ("/c", 9000)]), at: ServiceScenario.start + .seconds(10))
    #expect(state.rate == 2)
    state.note(page([("/a", 120), ("/c", 9010)]), at: ServiceScenario.start + .seconds(20))
    #expect(state.rate == 1)
  }

  @Test("an invalid line of a metric family makes its values unknown, with a reason")
  func badLine() {
    for (line, rate) in [("http_requests_total{a=\"b} 5", nil), ("other{a=\"b} 5", 1)] as [(String, Double?)] {
      var state = MetricsState()
      for turn in 0...1 {
        let page = PrometheusText().read(Array("http_requests_total \(turn * 10)\n\(line)\n".utf8))
        state.note(page, at: ServiceScenario.start + .seconds(10 * turn))
      }
      #expect(state.rate == rate && (state.note != nil) == (rate == nil) && state.badLines == 1)
    }
  }

  @Test("a histogram without a bucket has no quantile; a native histogram is reported as such")
  func histograms() {
    for (lines, says) in [
      (
        [#"http_request_duration_seconds_bucket{le="0.1"} 5"#, #"http_request_duration_seconds_bucket{le="0.5"} 9"#],
        "lacking"
      ),
      (
        [#"http_request_duration_seconds_bucket{le="0.1"} 9"#, #"http_request_duration_seconds_bucket{le="+Inf"} 5"#],
        "damaged"
      ),
      (["http_request_duration_seconds {count:5,sum:1,schema:3}"], "native histogram"),
    ] {
      let page = PrometheusText().read(Array(lines.joined(separator: "\n").utf8))
      #expect(page.histograms.isEmpty && page.quantileProblem?.contains(says) == true, "\(lines)")
    }
  }

  @Test("OpenMetrics: exemplars and timestamps are skipped; a page without its end marker is refused")
  func openMetrics() {
    let text = "http_requests_total{code=\"200\"} 5 # {trace_id=\"a b\"} 1 1.5\n"
    let whole = PrometheusText().read(Array((text + "# EOF\n").utf8), isOpenMetrics: true)
    #expect(whole.requests == 5 && whole.badLines == 0 && whole.problem == nil)
    let cut = PrometheusText().read(Array(text.utf8), isOpenMetrics: true)
    #expect(cut.requests == nil && cut.problem?.contains("breaks off") == true)
  }

  @Test(
    "an error is a status of 5xx in any label, and nothing else",
    arguments: [
      (#"status="500""#, true), (#"status="5xx""#, true), (#"status="2xx""#, false), (#"status="error""#, nil),
      (#"status="error",code="503""#, true), (#"code="""#, nil), (#"code="5000""#, nil),
    ] as [(String, Bool?)])
  func errors(labels: String, isError: Bool?) {
    let page = PrometheusText().read(Array("http_requests_total{\(labels)} 5\n".utf8))
    #expect(page.counters.map(\.isError) == [isError])
  }

  @Test("without requests between two scrapes there is no share and no quantile")
  func idle() {
    var state = MetricsState()
    for second in 0..<2 { state.note(scrape(5, 1, [5, 6, 6]), at: ServiceScenario.start + .seconds(second)) }
    #expect(state.rate == 0 && state.errorShare == nil && state.p50 == nil)
  }

  @Test("durations above the highest bucket count as its limit")
  func beyond() {
    var state = MetricsState()
    state.note(scrape(0, 0, [0, 0, 0]), at: ServiceScenario.start)
    state.note(scrape(10, 0, [0, 0, 10]), at: ServiceScenario.start + .seconds(1))
    #expect(state.p50 == .milliseconds(500))
  }
}
