import Testing

@testable import Demo

@Suite("The lab")
struct LabTests {
  private let context: LabContext
  private let store: EventStore
  private let saga: LabSaga

  init() throws {
    let book = LabBook(seed: 7, rate: 10)
    context = LabContext(
      loop: EventLoop(), book: book, faults: FaultSchedule(), log: .discarding(), ledger: try Ledger(path: nil))
    store = EventStore(context: context)
    saga = LabSaga(number: 0, book: book)
    for (place, type) in ["SagaStarted", "UserValidated", "OrderCreated"].enumerated() {
      store.add(type, saga, at: Int64(place * 1000), [])
    }
  }

  private func types(_ query: [String: String]) -> [String?] {
    guard case .array(let events)? = store.document(query)["events"] else { return [] }
    return events.map { $0["event_type"]?.stringValue }
  }

  @Test(
    "the event list is returned completely, after an id, from a time on, and in pages",
    arguments: [
      ([:], ["SagaStarted", "UserValidated", "OrderCreated"]), (["after": "evt-00000002"], ["OrderCreated"]),
      (["after": "evt-00000003"], []), (["since": "1970-01-01T00:00:01.000Z"], ["UserValidated", "OrderCreated"]),
      (["limit": "1"], ["SagaStarted"]), (["after": "evt-00000001", "limit": "1"], ["UserValidated"]),
    ] as [([String: String], [String])])
  func list(query: [String: String], expected: [String]) {
    #expect(types(query) == expected)
  }

  @Test("an unchanged document is not sent again, and an operator's request compensates a failed saga once")
  func documents() throws {
    let directory = try TemporaryDirectory(in: TemporaryDirectory.standardParent)
    let job = try JobLog(path: directory.path + "/log", container: "main")
    let orchestrator = LabOrchestrator(context: context, store: store, job: job)
    let api = LabAPI(context: context, orchestrator: orchestrator, store: store)
    func get(_ path: String, _ headers: [String: String] = [:]) -> HTTPResponse {
      api.answer(HTTPRequest(method: "GET", path: path, query: [:], headers: headers, body: []))
    }
    let saga = orchestrator.start()
    let first = get("/api/saga/start")
    let tag = try #require(first.headers.first { $0.name == "ETag" }?.value)
    #expect(first.status == 200 && JSONParser.parse(first.body)?["saga_id"]?.stringValue == saga.id)
    #expect(get("/api/saga/start", ["if-none-match": tag]).status == 304)
    #expect(!orchestrator.compensate(saga))
    saga.status = .failed
    #expect(get("/api/saga/start", ["if-none-match": tag]).status == 200)
    #expect(orchestrator.compensate(saga) && saga.status == .compensated)
    #expect(get("/api/nothing").status == 404)
  }

  @Test("the book contains every outcome, the same for the same seed")
  func book() {
    let book = LabBook(seed: 7, rate: 10)
    let failures = (0..<500).compactMap { number in LabStep.allCases.first { book.failure(number, $0) != nil } }
    #expect(Set(failures) == Set(LabStep.allCases) && (80...160).contains(failures.count))
    #expect(LabBook(seed: 7, rate: 10).id(3) == book.id(3) && LabBook(seed: 8, rate: 10).id(3) != book.id(3))
  }
}
