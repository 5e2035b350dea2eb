import Core
import TestSupport
import Testing

@testable import Collectors

@Suite("Queries of a trace store")
struct TraceSourceTests {
  private static let id = TraceID(high: 0x4bf9_2f35_77b3_4da6, low: 0xa3ce_929d_0e0e_4736)
  private static var text: String { id.text }
  private let server: RudeServer
  private let sink = CollectingSink()
  private let requests = TraceRequests()

  init() throws {
    server = try RudeServer()
    for path in ["/api/v2/services", "/api/services", "/api/echo"] { server.answer(path, "[]") }
  }

  private func source(
    _ kind: TraceStoreSettings.Kind, _ path: String = "", timeout: Duration = .seconds(10), user: String? = nil
  ) -> TraceSource {
    var access = HTTPAccess()
    (access.user, access.password) = (user, user.map { "\($0)-word" })
    return TraceSource(
      TraceStoreSettings(kind: kind, url: server.url(path), access: access, timeout: timeout), requests: requests,
      sink: sink)
  }

  private func ask(_ source: TraceSource) async throws -> TraceSample {
    source.start()
    defer { source.stop() }
    requests.want([Self.id])
    try #require(await waitUntil { !sink.traces.isEmpty })
    return sink.traces[0]
  }

  @Test(
    "each store is queried by its own path and returns a trace", arguments: TraceStoreSettings.Kind.allCases)
  func found(kind: TraceStoreSettings.Kind) async throws {
    let path = kind == .zipkin ? "/api/v2/trace/\(Self.text)" : "/api/traces/\(Self.text)"
    server.answer(path, TraceParserTests.answers[kind, default: ""])
    let sample = try await ask(source(kind, user: "ops"))
    #expect(sample.id == Self.id && sample.trace?.spans.count == 2)
    #expect(sink.status.phase == .up && sink.status.isComplete && sink.status.error == nil)
    let head = try #require(server.requests.first { $0.path == path }?.head)
    #expect(head.contains("Authorization: Basic b3BzOm9wcy13b3Jk") && head.contains("Accept: application/json"))
  }

  @Test("an unknown trace is reported as missing, for Tempo after trying its second API")
  func missing() async throws {
    server.answer("/api/v2/trace/\(Self.text)", "", status: "404 Not Found")
    #expect(try await ask(source(.zipkin)).outcome == .missing)
  }

  @Test("a trace missing in Tempo's first API may be found by the second one")
  func second() async throws {
    server.answer("/api/traces/\(Self.text)", "", status: "404 Not Found")
    server.answer("/api/v2/traces/\(Self.text)", "{\"trace\":\(TraceParserTests.answers[.tempo, default: ""])}")
    #expect(try await ask(source(.tempo)).trace?.spans.count == 2)
  }

  @Test("only requested traces are queried, and only a few per second")
  func pace() async throws {
    let source = source(.zipkin)
    source.start()
    defer { source.stop() }
    try #require(await waitUntil { sink.status.phase == .up })
    #expect(server.requests.map(\.path) == ["/api/v2/services"])
    let ids = (1...3).map { TraceID(high: 0, low: $0) }
    for id in ids { server.answer("/api/v2/trace/\(id.text)", "[]") }
    let start = ContinuousClock.now
    requests.want(ids + ids)
    try #require(await waitUntil { sink.traces.count == 3 })
    #expect(ContinuousClock.now - start > .milliseconds(500))
    #expect(server.requests.count == 4 && sink.traces.allSatisfy { $0.outcome == .missing })
  }

  @Test(
    "a store that hangs, disconnects or returns nonsense gives a status and a reason and blocks nothing",
    arguments: ["/hang", "/reset", "/close", "/lie", "/nonsense"])
  func rude(path: String) async throws {
    let source = TraceSource(
      TraceStoreSettings(kind: .zipkin, url: server.url(path), timeout: .milliseconds(500)), requests: requests,
      sink: sink)
    source.start()
    defer { source.stop() }
    requests.want([Self.id])
    try #require(await waitUntil { !sink.traces.isEmpty && sink.status.phase == .down })
    guard case .failed(let reason) = sink.traces[0].outcome else {
      Issue.record("\(sink.traces[0])")
      return
    }
    #expect(reason.contains("127.0.0.1") && sink.status.retryAt != nil && sink.status.error != nil)
    // While the store is down, a request fails immediately.
    let count = sink.traces.count
    requests.want([TraceID(high: 0, low: 9)])
    try #require(await waitUntil { sink.traces.count > count })
  }

  @Test("an answer with spans of another trace only is a failure, and no evidence")
  func foreign() async throws {
    let other = String(repeating: "f", count: 32)
    server.answer(
      "/api/v2/trace/\(Self.text)", TraceParserTests.answers[.zipkin, default: ""].replacing(Self.text, with: other))
    guard case .failed(let reason) = try await ask(source(.zipkin)).outcome else {
      Issue.record("no failure")
      return
    }
    #expect(reason.hasPrefix("127.0.0.1:\(server.port): none of 2 spans of the answer can be used"))
    #expect(sink.status.phase == .up)
  }

  @Test("a foreign response and a refused login are reported")
  func refused() async throws {
    server.answer("/api/v2/trace/\(Self.text)", "<html>", status: "200 OK")
    guard case .failed(let reason) = try await ask(source(.zipkin)).outcome else {
      Issue.record("no failure")
      return
    }
    #expect(reason.contains("none of zipkin"))
    server.answer("/api/services", "", status: "401 Unauthorized")
    let jaeger = source(.jaeger)
    jaeger.start()
    defer { jaeger.stop() }
    try #require(await waitUntil { sink.status.error?.contains("asks for a login") ?? false })
  }
}
