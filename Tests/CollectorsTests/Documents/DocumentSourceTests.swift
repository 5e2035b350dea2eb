import Core
import TestSupport
import Testing

@testable import Collectors

@Suite("HTTP documents")
struct DocumentSourceTests {
  private let server: RudeServer
  private let sink = CollectingSink()
  private let symbols = SymbolTable()

  init() throws {
    server = try RudeServer()
  }

  private func source(_ path: String, _ change: (inout DocumentDefinition) throws -> Void) throws -> DocumentSource {
    var definition = DocumentDefinition(
      name: "saga", url: server.url(path), interval: .milliseconds(100), messages: try LabSystem.stateRules())
    try change(&definition)
    return DocumentSource(
      [DocumentTarget(definition: definition, url: definition.url)], system: LabSystem.definition, symbols: symbols,
      sink: sink)
  }

  private var types: [String] { sink.events.map { symbols.text($0.type) } }

  private func requests(_ path: String) -> Int { server.requests.count { $0.path == path } }

  @Test("a saga's state is new once: an unchanged document gives no events, a changed one only the changes")
  func state() async throws {
    server.answer("/saga", LabSystem.document("started", [("validate", "running"), ("pay", "pending")]))
    let source = try source("/saga") { _ in }
    source.start()
    defer { source.stop() }
    try #require(await waitUntil { requests("/saga") >= 3 })
    #expect(types == ["saga started", "validate running", "pay pending"])
    server.answer("/saga", LabSystem.document("completed", [("validate", "completed"), ("pay", "completed")]))
    try #require(await waitUntil { sink.count >= 6 })
    let seen = requests("/saga")
    try #require(await waitUntil { requests("/saga") >= seen + 2 })
    #expect(types.suffix(3) == ["saga completed", "validate completed", "pay completed"])
    #expect(sink.status.phase == .up && sink.status.isComplete && sink.status.carriesEvents)
    #expect(Set(sink.events.map(\.fingerprint)).count == 6 && !sink.events.contains { $0.origin.isInTopic })
  }

  @Test("an unchanged document is not transferred again")
  func unchanged() async throws {
    server.answer("/saga", LabSystem.document("started", []), headers: ["ETag: \"v1\"", "Last-Modified: yesterday"])
    let source = try source("/saga") { _ in }
    source.start()
    defer { source.stop() }
    try #require(await waitUntil { requests("/saga") >= 3 })
    let heads = server.requests.map(\.head)
    #expect(!heads[0].contains("If-None-Match"))
    #expect(heads[1].contains("If-None-Match: \"v1\"") && heads[1].contains("If-Modified-Since: yesterday"))
    #expect(sink.count == 1 && sink.status.phase == .up)
    server.answer("/saga", LabSystem.document("completed", []), headers: ["ETag: \"v2\""])
    #expect(await waitUntil { types == ["saga started", "saga completed"] })
  }

  @Test("an event list gives each event once, page by page, and versions of one entity in order")
  func list() async throws {
    func event(_ id: String, _ aggregate: String, _ version: Int) -> String {
      "{\"event_id\":\"\(id)\",\"aggregate_id\":\"\(aggregate)\",\"event_type\":\"\(id)\",\"version\":\(version),"
        + "\"timestamp\":\"2026-01-27T10:00:00Z\",\"data\":{\"saga_id\":\"s1\"}}"
    }
    func page(_ events: [String]) -> String { "{\"events\":[\(events.joined(separator: ","))],\"total\":9}" }
    server.answer("/events", page([event("e1", "a", 1), event("e2", "b", 2), event("e3", "b", 1)]))
    server.answer("/events?after=e3", page([event("e4", "a", 2), event("e1", "a", 1)]))
    server.answer("/events?after=e1", page([]))
    let source = try source("/events") { definition in
      definition.messages = [MessageRule(each: ["events", "*"])]
      definition.paging = .init(parameter: "after", member: ["event_id"])
      definition.order = .init(member: ["version"], per: ["aggregate_id"])
    }
    source.start()
    defer { source.stop() }
    try #require(await waitUntil { sink.status.isComplete })
    #expect(types == ["e1", "e3", "e2", "e4"])
    server.answer("/events?after=e1", page([event("e5", "a", 3)]))
    server.answer("/events?after=e5", page([]))
    #expect(await waitUntil { types.last == "e5" && requests("/events?after=e5") >= 2 })
    #expect(types.count == 5 && requests("/events") == 1)
  }

  @Test("a list with more pages than one round reads is complete only after its last page")
  func longList() async throws {
    let pages = DocumentRound.mostPages + 2
    for page in 1...pages {
      let path = page == 1 ? "/events" : "/events?after=\(page - 1)"
      server.answer(path, page == pages ? #"{"events":[]}"# : #"{"events":[{"event_id":\#(page)}]}"#)
    }
    let source = try source("/events") { definition in
      definition.messages = [MessageRule(each: ["events", "*"])]
      definition.paging = .init(parameter: "after", member: ["event_id"])
    }
    source.start()
    defer { source.stop() }
    try #require(await waitUntil(.seconds(30)) { sink.status.isComplete })
    #expect(sink.count == pages - 1)
    let incomplete = sink.statuses.filter { $0.phase == .up && !$0.isComplete }
    #expect(incomplete.map(\.messages).contains(DocumentRound.mostPages))
  }

  @Test(
    "an invalid document is reported, and the request is retried",
    arguments: [
      ("/broken", "HTTP 500"), ("/hang", "no answer within"), ("/lie", "broke off after"), ("/cut", "no whole JSON"),
      ("/reset", "the connection broke"), ("/gone", "HTTP 404"),
      ("/loop", "HTTP 302, which leads to"), ("/same", "HTTP 304"),
      ("/login", "38 B (text/html) that are no whole JSON"),
      ("/deep", "no whole JSON"),
    ])
  func failures(path: String, expected: String) async throws {
    server.answer("/broken", "{}", status: "500 Internal Server Error")
    server.answer("/cut", "{\"saga_id\":\"s1\",\"status\":\"star")
    server.answer("/same", "", status: "304 Not Modified")
    server.answer("/login", "<html><form action=login></form></html", headers: ["Content-Type: text/html; charset=x"])
    server.answer("/deep", String(repeating: "[", count: 200_000))
    let source = try source(path) { $0.timeout = .milliseconds(200) }
    source.start()
    defer { source.stop() }
    try #require(await waitUntil { sink.status.error != nil })
    let status = sink.status
    #expect(status.phase == .down && !status.isComplete && status.retryAt != nil && sink.count == 0)
    #expect(status.error?.contains(expected) ?? false, "\(status.error ?? "")")
    #expect(status.error?.hasSuffix("; trying again") ?? false)
    server.answer(path, LabSystem.document("started", []))
    #expect(await waitUntil { sink.status.isComplete && sink.status.phase == .up && sink.status.error == nil })
    #expect(types == ["saga started"])
  }

  @Test("a list is read from the start if its server no longer knows the position")
  func forgotten() async throws {
    let first = "{\"events\":[{\"event_id\":\"e1\"}]}"
    server.answer("/events", first)
    server.answer("/events?after=e1", "", status: "410 Gone")
    let source = try source("/events") { definition in
      definition.messages = [MessageRule(each: ["events", "*"])]
      definition.paging = .init(parameter: "after", member: ["event_id"])
    }
    source.start()
    defer { source.stop() }
    try #require(await waitUntil { sink.status.error != nil })
    server.answer("/events", "{\"events\":[{\"event_id\":\"e7\"}]}")
    server.answer("/events?after=e7", "{\"events\":[]}")
    #expect(await waitUntil { sink.status.isComplete && sink.status.phase == .up })
    #expect(sink.count == 1)
  }

  @Test("elements of wrong types are skipped and reported, and the rest is read")
  func wrongKinds() async throws {
    server.answer(
      "/events",
      #"{"events":["x",7,null,[],{"event_id":{"no":"id"},"saga_id":["s1"]},{"event_id":"e1","event_type":"saga started"},"y"]}"#
    )
    let source = try source("/events") { $0.messages = [MessageRule(each: ["events", "*"])] }
    source.start()
    defer { source.stop() }
    try #require(await waitUntil { sink.status.isComplete })
    #expect(sink.status.notes == ["5 of its elements are no messages"])
    #expect(sink.status.phase == .up && sink.count + sink.undecoded.count >= 1)
  }

  @Test("a list whose pages form a loop is complete when a page comes again")
  func endless() async throws {
    func page(_ id: String) -> String { "{\"events\":[{\"event_id\":\"\(id)\"}]}" }
    server.answer("/events", page("a"))
    server.answer("/events?after=a", page("b"))
    server.answer("/events?after=b", page("a"))
    let source = try source("/events") { definition in
      definition.messages = [MessageRule(each: ["events", "*"])]
      definition.paging = .init(parameter: "after", member: ["event_id"])
      definition.interval = .seconds(60)
    }
    source.start()
    defer { source.stop() }
    try #require(await waitUntil { sink.status.isComplete })
    #expect(server.requests.count == 3 && sink.count == 2)
  }
}
