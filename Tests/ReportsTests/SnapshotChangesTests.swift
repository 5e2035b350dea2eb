import Core
import TestRandom
import Testing
import Text

@testable import Reports

@Suite("Changes since the last snapshot")
struct SnapshotChangesTests {
  private static let start = Timestamp(milliseconds: 1_769_508_000_000)
  private static let types = ["created", "reserved", "paid", "done"]
  private static let system = SystemDefinition(
    name: "test", topics: ["*"], fields: EventFields(type: [.topic]),
    sagas: [
      SagaDefinition(
        type: "order", identities: [.init(name: "orderId", sources: [.path(["orderId"])])],
        steps: ["stock", "payment"].map { StepDefinition(name: $0) },
        events: [
          EventRule(type: "created", startsSaga: true),
          EventRule(type: "reserved", effects: [.init(.completes, .named("stock"))]),
          EventRule(type: "paid", effects: [.init(.completes, .named("payment"))]),
          EventRule(type: "done", ends: .completed),
        ])
    ])

  private let symbols = SymbolTable()

  private func store() -> Store {
    Store(
      Self.system, context: .init(name: "test"), limits: StoreLimits(retention: .seconds(30), maxSagas: 40),
      symbols: symbols, now: { Self.start })
  }

  private func event(_ saga: Int, _ place: Int, at time: Timestamp) -> Event {
    let link = SagaLink(definition: 0, key: SagaKey(identity: 0, value: "\(saga)"))
    return Event(
      type: symbols.symbol(Self.types[place]), time: time,
      origin: Origin(topic: symbols.symbol(Self.types[place]), partition: 0, offset: Int64(saga)), link: link)
  }

  /// Applies a document of changes to the previous state, as a reader does.
  private static func applied(_ changes: JSONValue, to whole: JSONValue?) -> JSONValue {
    guard let whole, changes["schema"]?.text == "sagatop.changes/v1" else { return changes }
    var items = whole["sagas"]?["items"]?.elements ?? []
    let gone = changes["gone"]?.elements ?? []
    items.removeAll { item in gone.contains { $0["id"] == item["id"] && $0["type"] == item["type"] } }
    for item in changes["items"]?.elements ?? [] {
      let place = items.firstIndex { $0["id"] == item["id"] && $0["type"] == item["type"] }
      if let place { items[place] = item } else { items.append(item) }
    }
    let members = (whole.members ?? []).map { member in
      var value = changes["changed"]?[member.name] ?? member.value
      if member.name == "sagas" {
        value = .object((value.members ?? []).map { ($0.name, $0.name == "items" ? .array(items) : $0.value) })
      }
      return (member.name, value)
    }
    return .object(members)
  }

  /// Sorts the items by id, because changes do not contain the order of severity.
  private static func sorted(_ document: JSONValue) -> JSONValue {
    .object(
      (document.members ?? []).map { member in
        guard member.name == "sagas" else { return (member.name, member.value) }
        return (
          member.name,
          .object(
            (member.value.members ?? []).map { inner in
              guard inner.name == "items" else { return (inner.name, inner.value) }
              return (
                "items", .array((inner.value.elements ?? []).sorted { ($0["id"]?.text ?? "") < ($1["id"]?.text ?? "") })
              )
            })
        )
      })
  }

  private func written(_ store: Store, _ now: Timestamp, _ changes: SnapshotChanges?) throws -> (JSONValue, items: Int)
  {
    let report = SnapshotReport(store.snapshot(now: now, hasSagas: false))
    let document = SnapshotJSON.document(report, sections: [.sagas, .sources])
    let (value, paths) = changes?.document(document) ?? (document, [SnapshotJSON.items])
    var bytes: [UInt8] = []
    var items = 0
    try JSONWriter.write(value, isPretty: false, paths: paths) { path, add in
      if path == ["gone"] { return try changes?.takeGone().forEach(add) ?? () }
      try store.eachSaga(SagaQuery(limit: .max), now: now, isSame: { changes?.isSame($0, $1) ?? false }) {
        row, diagnosis, version in
        let item = changes.map { $0.item(row, diagnosis, version) } ?? SnapshotJSON.item(row, diagnosis)
        guard let item else { return }
        items += 1
        try add(item)
      }
    } to: {
      bytes += $0
    }
    return (try #require(JSONValue(bytes)), items)
  }

  @Test("applying all changes in order gives the complete document", arguments: 0..<60)
  func applied(seed: Int) throws {
    var random = SeededRandom(seed: UInt64(seed))
    let store = store()
    var status = SourceStatus(.kafka, phase: .up)
    status.isComplete = true
    let changes = SnapshotChanges()
    var reached: [Int: Int] = [:]
    var whole: JSONValue?
    for second in 0..<25 {
      let now = Self.start + .seconds(second * 3)
      status.lastSuccess = now
      store.accept(status)
      let events = (0..<Int.random(in: 0...8, using: &random)).compactMap { _ -> Event? in
        let saga = Int.random(in: 0..<(10 + second * 3), using: &random)
        let place = reached[saga, default: 0]
        guard place < Self.types.count else { return nil }
        reached[saga] = place + 1
        return event(saga, place, at: now)
      }
      store.accept(EventBatch(events: events))
      whole = Self.applied(try written(store, now, changes).0, to: whole)
      let expected = try written(store, now, nil).0
      #expect(Self.sorted(try #require(whole)) == Self.sorted(expected), "seed \(seed), second \(second)")
    }
  }

  @Test("without changes no item is written")
  func quiet() throws {
    let store = store()
    let events = (0..<20).flatMap { saga in (0..<4).map { event(saga, $0, at: Self.start + .milliseconds($0)) } }
    store.accept(EventBatch(events: events))
    let changes = SnapshotChanges()
    #expect(try written(store, Self.start + .seconds(1), changes).items == 20)
    let (document, items) = try written(store, Self.start + .seconds(2), changes)
    #expect(items == 0 && document["gone"]?.elements == [])
    #expect(document["changed"]?.members?.map(\.name).contains("takenAt") == true)
  }
}
