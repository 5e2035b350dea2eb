import Collectors
import Core
import Glibc
import Synchronization
import TestSupport

@testable import Actions

/// A store with sagas, for which tests create action executors.
final class ActionScene: Sendable {
  static let ids = ["orderId", "correlationId"]

  static func template(_ text: String, _ place: ActionTemplate.Place, scope: ActionName.Scope = .saga) throws
    -> ActionTemplate
  {
    try ActionTemplate(text, place: place, fields: ActionFieldNames(scope: scope, ids: ids))
  }

  /// A request to `path` of the API `shop`.
  static func http(_ path: String = "/retry/{saga.id}", body: String? = nil) throws -> ActionCall {
    .http(
      .init(api: "shop", target: try template(path, .url), body: try body.map { try template($0, .json) }))
  }

  static func definition(_ actions: [ActionDefinition]) -> SagaDefinition {
    var order = SagaDefinition(
      type: "order", identities: ids.map { .init(name: $0, sources: [.path([$0])]) },
      steps: [StepDefinition(name: "order"), StepDefinition(name: "payment", topic: "orders")],
      events: [
        EventRule(type: "created", startsSaga: true, effects: [.init(.completes, .named("order"))]),
        EventRule(type: "failed", effects: [.init(.fails, .named("payment"))], ends: .failed),
        EventRule(type: "seen"),
        EventRule(type: "done", effects: [.init(.completes, .named("payment"))], ends: .completed),
      ])
    order.actions = actions
    return order
  }

  let directory: TemporaryDirectory
  let store: Store
  let symbols: SymbolTable
  private let offset = Atomic<Int64>(0)

  init(_ actions: [ActionDefinition], locks: [LockDefinition] = []) throws {
    directory = try TemporaryDirectory()
    let symbols = SymbolTable()
    self.symbols = symbols
    var system = SystemDefinition(name: "shop", topics: ["*"], sagas: [Self.definition(actions)])
    system.locks = locks
    system.actions = actions.filter { $0.name.scope != .saga }
    self.system = system
    store = Store(system, context: .init(name: "test"), symbols: symbols, now: SystemClock.now)
  }

  private let system: SystemDefinition

  var audit: String { "\(directory.path)/state/audit.jsonl" }

  func settings(api: String = "http://127.0.0.1:1", brokers: String = "127.0.0.1:1") -> ActionSettings {
    ActionSettings(
      context: "test", system: system, apis: [ActionAPI(name: "shop", url: api)], kafka: .init(brokers: brokers),
      audit: .init(path: audit), operator: .init(name: "alice@here"), now: SystemClock.now)
  }

  func gate(_ server: ActionServer? = nil, _ change: (inout ActionSettings) -> Void = { _ in }) -> ActionExecutor {
    var settings = settings(api: server?.url ?? "http://127.0.0.1:1")
    change(&settings)
    return ActionExecutor(settings, store: store)
  }

  /// Publishes an event of a saga. `header` is `name: value`. Returns the offset.
  @discardableResult
  func publish(
    _ type: String, _ id: String, body: String = "{}", topic: String = "orders", secondsAgo: Int64 = 0,
    header: String = ""
  ) -> Int64 {
    let offset = self.offset.add(1, ordering: .relaxed).newValue
    let bytes = Array(body.utf8)
    let headers = Array((header.isEmpty ? "" : "\(header)\n").utf8)
    let event = Event(
      type: symbols.symbol(type), time: SystemClock.now() - .seconds(secondsAgo),
      origin: Origin(topic: symbols.symbol(topic), partition: 0, offset: offset),
      link: SagaLink(definition: 0, key: SagaKey(identity: 0, value: id)),
      text: MessageSlice(
        keyLength: id.utf8.count, headersLength: headers.count, bodyLength: bytes.count, fullBodyLength: bytes.count))
    store.accept(EventBatch(events: [event], arena: Array(id.utf8) + headers + bytes))
    return offset
  }

  /// Publishes the events of a failed saga.
  func fail(_ id: String, body: String = "{}") {
    publish("created", id, body: body)
    publish("failed", id, body: "{}")
  }

  func fail(_ ids: [String]) { for id in ids { fail(id) } }

  func subjects(_ ids: [String]) -> ActionRequest.Selection {
    .subjects(ids.compactMap { store.find(id: $0).map(ActionSubject.saga) })
  }

  func plan(_ gate: ActionExecutor, _ ids: String..., reason: String = "") throws -> ActionPlan {
    try gate.plan(ActionRequest(.retry, subjects(ids), reason: reason)).get()
  }

  /// Plans, confirms and runs, and waits for all outcomes.
  func run(_ gate: ActionExecutor, _ ids: [String], reason: String = "") async throws -> [ActionRecord] {
    let plan = try gate.plan(ActionRequest(.retry, subjects(ids), reason: reason)).get()
    if let refusal = gate.run(plan, answer: Self.answer(plan)) { throw refusal }
    return try await outcomes(gate, plan)
  }

  static func answer(_ plan: ActionPlan) -> ActionConfirmation.Answer {
    plan.confirmation.typed.map { .typed($0) } ?? .yes
  }

  /// Outcomes of a plan. Resumes the run after every pause.
  func outcomes(_ gate: ActionExecutor, _ plan: ActionPlan) async throws -> [ActionRecord] {
    let isOver = await waitUntil {
      if gate.runState(of: plan.intent)?.pause != nil { gate.resume(intent: plan.intent) }
      return !gate.isUnderWay(plan.intent)
    }
    guard isOver else { throw TestFailure("the actions do not end") }
    return store.actions(of: plan.intent)
  }

  var lines: [AuditLine] {
    Self.text(of: audit).split(separator: "\n").compactMap { AuditLine.read(Array($0.utf8))?.line }
  }

  static func text(of path: String) -> String {
    // Non-blocking, because a test may replace the log by a pipe.
    let descriptor = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC)
    guard descriptor >= 0, let file = fdopen(descriptor, "r") else { return "" }
    defer { fclose(file) }
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 65_536)
    while true {
      let count = fread(&chunk, 1, chunk.count, file)
      if count == 0 { return String(decoding: bytes, as: UTF8.self) }
      bytes += chunk[..<count]
    }
  }
}
