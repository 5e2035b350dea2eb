import Core
import TestSupport
import Testing

@testable import Collectors

@Suite("Polling services over HTTP")
struct HTTPSourceTests {
  private let server: RudeServer
  private let sink = CollectingSink()

  init() throws {
    server = try RudeServer()
    server.answer("/ok", #"{"status":"UP"}"#)
  }

  private func endpoint(
    _ name: String, _ url: String, timeout: Duration = .seconds(10), interval: Duration = .milliseconds(100),
    access: HTTPAccess = HTTPAccess()
  ) -> HTTPEndpoint {
    HTTPEndpoint(
      service: name, instance: 0, purpose: .health(HealthBodyReader()), url: url, interval: interval, timeout: timeout,
      access: access)
  }

  private func readings(of name: String) -> [ServiceSample] { sink.services.filter { $0.service == name } }

  /// Polls until every endpoint has an outcome and returns the first outcome of each.
  private func first(_ endpoints: [HTTPEndpoint]) async throws -> [String: ServiceSample.Outcome] {
    let source = HTTPSource(endpoints, sink: sink)
    source.start()
    defer { source.stop() }
    let names = Set(endpoints.map(\.service))
    try #require(await waitUntil { Set(sink.services.map(\.service)) == names })
    return Dictionary(sink.services.map { ($0.service, $0.outcome) }) { first, _ in first }
  }

  @Test("a response is read with status, body and phases, and the connection is reused")
  func answer() async throws {
    let source = HTTPSource([endpoint("shop", server.url("/ok"))], sink: sink)
    source.start()
    defer { source.stop() }
    try #require(await waitUntil { sink.services.count >= 3 })
    guard case .answered(let answer) = sink.services[0].outcome else {
      Issue.record("\(sink.services[0].outcome)")
      return
    }
    #expect(answer.status == 200 && answer.body.status == "UP" && answer.certificateEnd == nil)
    #expect(String(decoding: answer.excerpt, as: UTF8.self) == #"{"status":"UP"}"# && answer.length == 15)
    #expect(answer.phases.total > .zero && answer.phases.total >= answer.phases.firstByte)
    #expect(Set(server.requests.map(\.connection)).count == 1)
    #expect(sink.status.phase == .up && sink.status.isComplete && sink.status.lastSuccess != nil)
  }

  @Test("failing servers do not delay the polls of others, and each failure is reported in a sentence")
  func rude() async throws {
    let bad = ["hang", "drip", "reset", "close", "lie", "nonsense", "loop", "flood"]
    var endpoints = bad.flatMap { name in
      (0..<10).map { endpoint("\(name)-\($0)", server.url("/\(name)"), timeout: .seconds(8), interval: .seconds(1)) }
    }
    endpoints += (0..<50).map { endpoint("ok-\($0)", server.url("/ok"), interval: .milliseconds(200)) }
    let source = HTTPSource(endpoints, sink: sink)
    source.start()
    defer { source.stop() }
    try #require(await waitUntil(.seconds(60)) { !readings(of: "hang-9").isEmpty && !readings(of: "drip-9").isEmpty })
    let all = sink.services
    let timeout = try #require(all.firstIndex { $0.service.hasPrefix("hang") })
    let before = Dictionary(grouping: all[..<timeout], by: \.service).mapValues(\.count)
    for number in 0..<50 { #expect(before["ok-\(number)"] ?? 0 >= 2, "ok-\(number): \(before["ok-\(number)"] ?? 0)") }
    for name in bad { expectOutcome(name, try #require(readings(of: "\(name)-0").first).outcome) }
  }

  private func expectOutcome(_ name: String, _ outcome: ServiceSample.Outcome) {
    let place = "127.0.0.1:\(server.port)"
    let texts = [
      "hang": "no answer within 8.0 s", "drip": "the answer was not complete within 8.0 s, ",
      "reset": "the connection broke while it was answering", "close": "closed the connection without an answer",
      "lie": "the answer broke off after 5 B", "nonsense": "the answer is not HTTP",
    ]
    switch outcome {
    case .failed(let text): #expect(text.hasPrefix("\(place): \(texts[name] ?? "?")"), "\(text)")
    case .answered(let answer) where name == "loop":
      #expect(answer.status == 302 && answer.location == server.url("/loop"))
    case .answered(let answer) where name == "flood":
      #expect(answer.isCut && answer.length == 256 << 10 && answer.excerpt.count == 4096)
    default: Issue.record("\(name): \(outcome)")
    }
  }

  @Test("an empty body with a trailer and a head after an interim one are complete; a head that ends early is not")
  func heads() async throws {
    let names = ["trailer", "interim", "interrupted"]
    let outcomes = try await first(names.map { endpoint($0, server.url("/\($0)")) })
    let statuses = outcomes.mapValues { if case .answered(let answer) = $0 { answer.status } else { 0 } }
    #expect(statuses == ["trailer": 200, "interim": 204, "interrupted": 0], "\(outcomes)")
    #expect(outcomes["interrupted"] == .failed("127.0.0.1:\(server.port): the answer broke off in its head"))
  }

  @Test(
    "a refused connection, an unresolved name and an invalid CA file are reported; only the last one is a local error")
  func unreachable() async throws {
    var access = HTTPAccess()
    access.authorities = "/no/such/ca.pem"
    let port = try LoopbackPort.free()
    let first = try await first([
      endpoint("refused", "http://127.0.0.1:\(port)/"), endpoint("unresolved", "http://no-such-host.invalid:81/"),
      endpoint("ca", "https://127.0.0.1:\(server.port)/", access: access),
    ])
    #expect(first["refused"] == .failed("127.0.0.1:\(port): connection refused"))
    #expect(first["unresolved"] == .failed("no-such-host.invalid:81: the name is not known"))
    #expect(first["ca"] == .notAsked("127.0.0.1:\(server.port): the CA file /no/such/ca.pem cannot be read"))
    #expect(await waitUntil { sink.status.phase == .degraded && sink.status.isComplete })
    #expect(sink.status.error?.contains("the CA file /no/such/ca.pem cannot be read; trying again every") ?? false)
  }

  @Test("a server that starts to respond is up at the next poll")
  func recovery() async throws {
    server.answer("/late", "", status: "503 Service Unavailable")
    let source = HTTPSource([endpoint("late", server.url("/late"))], sink: sink)
    source.start()
    defer { source.stop() }
    try #require(await waitUntil { !sink.services.isEmpty })
    server.answer("/late", "OK")
    #expect(
      await waitUntil {
        if case .answered(let answer)? = sink.services.last?.outcome { answer.body.meaning == .up } else { false }
      })
  }

  @Test("headers, users, tokens and the host are sent as configured, and no text contains a token")
  func access() async throws {
    var basic = HTTPAccess()
    (basic.user, basic.password, basic.host) = ("ada", "s3cret", "api.local")
    var bearer = HTTPAccess()
    (bearer.bearer, bearer.headers) = ("t0ken", [("canary", "true")])
    _ = try await first([
      endpoint("basic", server.url("/ok"), access: basic), endpoint("bearer", server.url("/ok"), access: bearer),
      endpoint("refused", "http://127.0.0.1:\(try LoopbackPort.free())/", access: bearer),
    ])
    let heads = server.requests.map(\.head)
    #expect(
      heads.contains { $0.contains("Authorization: Basic YWRhOnMzY3JldA==") && $0.contains("Host: api.local\r\n") })
    #expect(heads.contains { $0.contains("Authorization: Bearer t0ken") && $0.contains("canary: true") })
    #expect(!String(describing: (sink.services, sink.statuses)).contains("t0ken"))
  }

  @Test("a server on a Unix socket is polled")
  func unixSocket() async throws {
    let directory = try TemporaryDirectory()
    let local = try RudeServer(unix: "\(directory.path)/s")
    local.answer("/health", "OK")
    var access = HTTPAccess()
    access.unixSocket = "\(directory.path)/s"
    let first = try await first([endpoint("local", "http://shop/health", access: access)])
    guard case .answered(let answer)? = first["local"] else {
      Issue.record("\(first)")
      return
    }
    #expect(answer.status == 200 && local.requests.first?.head.contains("Host: shop\r\n") ?? false)
  }

  @Test("metrics are scraped twice before the source is complete, and a failure is reported with its reason")
  func metrics() async throws {
    server.answer("/metrics", "http_requests_total 5\nnonsense\n")
    let source = HTTPSource(
      [
        HTTPEndpoint(
          service: "shop", instance: 0, purpose: .metrics(PrometheusText()), url: server.url("/metrics"),
          interval: .seconds(60)),
        HTTPEndpoint(
          service: "bare", instance: 0, purpose: .metrics(PrometheusText()), url: server.url("/none"),
          interval: .seconds(60)),
      ], sink: sink)
    source.start()
    defer { source.stop() }
    try #require(await waitUntil { sink.status.isComplete })
    #expect(readings(of: "shop").count >= 2)
    guard case .metrics(let reading)? = readings(of: "shop").first?.outcome else {
      Issue.record("\(sink.services)")
      return
    }
    #expect(reading.requests == 5 && reading.badLines == 1)
    #expect(
      readings(of: "bare").first?.outcome
        == .noMetrics("127.0.0.1:\(server.port): HTTP 404 at \(server.url("/none"))"))
  }

  @Test("the source ends while servers and name look-ups hang, and reports nothing afterwards")
  func stop() async throws {
    let source = HTTPSource(
      [endpoint("hang", server.url("/hang"), timeout: .seconds(300)), endpoint("ok", server.url("/ok"))], sink: sink)
    source.start()
    try #require(await waitUntil { !sink.services.isEmpty && server.requests.contains { $0.path == "/hang" } })
    source.stop()
    let count = sink.services.count
    source.stop()
    #expect(sink.services.count == count && readings(of: "hang").isEmpty)
  }
}
