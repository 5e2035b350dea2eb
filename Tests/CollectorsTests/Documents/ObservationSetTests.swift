import Core
import TestRandom
import TestSupport
import Testing
import Text

@testable import Collectors

@Suite("Observations of a saga's state")
struct ObservationSetTests {
  /// Successive documents of one saga, each with its time.
  private static let documents: [String] = {
    let states: [(String, [(String, String)])] = [
      ("started", [("validate", "running"), ("pay", "pending")]),
      ("started", [("validate", "completed"), ("pay", "running")]),
      ("compensating", [("validate", "completed"), ("pay", "failed")]),
      ("compensating", [("validate", "undone"), ("pay", "failed")]),
      ("compensated", [("validate", "undone"), ("pay", "failed")]),
    ]
    return states.enumerated().map { place, state in
      let more = "\"timestamp\":\"2026-01-27T10:00:0\(place)Z\",\"error\":\"card declined\","
      return LabSystem.document(state.0, state.1.map { (action: $0.0, status: $0.1) }, more: more)
    }
  }()

  private func state(after documents: [String]) throws -> SagaView {
    let symbols = SymbolTable()
    let now = TimestampParser.parse("2026-01-27T11:00:00Z") ?? .distantPast
    let store = Store(
      LabSystem.definition, context: .init(name: "test"), limits: StoreLimits(retention: .seconds(86_400)),
      symbols: symbols,
      now: { now }, onChange: {})
    var feed = MessageFeed(
      source: "saga", fields: CompiledFields(LabSystem.definition, symbols: symbols), symbols: symbols, sink: store)
    let finder = MessageFinder(rules: try LabSystem.stateRules())
    var lacking = 0
    for document in documents {
      let node = try #require(JSONNode(Array(document.utf8)))
      for found in finder.find(in: node, lacking: &lacking) { feed.take(found, at: now) }
      feed.flush()
    }
    let handle = try #require(store.find(id: "s1"))
    return try #require(store.saga(handle, now: now))
  }

  @Test("documents in any order and with repetitions give the same saga")
  func anyOrder() throws {
    let whole = try state(after: Self.documents)
    #expect(whole.row.status == .compensated && whole.row.error == "card declined")
    #expect(whole.row.steps.map(\.status) == [.compensated, .failed])
    var random = SeededRandom(seed: 11)
    for _ in 0..<50 {
      let shuffled = (Self.documents + Self.documents.prefix(3)).shuffled(using: &random)
      let other = try state(after: shuffled)
      #expect(other.row.status == whole.row.status && other.row.startedAt == whole.row.startedAt)
      #expect(other.row.updatedAt == whole.row.updatedAt && other.row.error == whole.row.error)
      #expect(other.row.steps == whole.row.steps)
    }
  }

  @Test("events before the configured start are skipped")
  func since() throws {
    let symbols = SymbolTable()
    let sink = CollectingSink()
    let now = try #require(TimestampParser.parse("2026-01-27T11:00:00Z"))
    var feed = MessageFeed(
      source: "saga", fields: CompiledFields(LabSystem.definition, symbols: symbols), symbols: symbols,
      since: TimestampParser.parse("2026-01-27T10:00:03Z"), sink: sink)
    let finder = MessageFinder(rules: [MessageRule(type: FieldSource.named("saga {status}"))])
    var lacking = 0
    for document in Self.documents {
      let node = try #require(JSONNode(Array(document.utf8)))
      for found in finder.find(in: node, lacking: &lacking) { feed.take(found, at: now) }
    }
    feed.flush()
    #expect(sink.events.map { symbols.text($0.type) } == ["saga compensating", "saga compensated"])
  }
}
