import Clients
import Core
import Synchronization

/// The schemas of a registry, each requested once, by the registry's own threads. Safe on any thread.
///
/// Schemas that the registry does not have, or that cannot be used, are requested again periodically. During an outage only one request
/// is sent at a time.
package final class SchemaRegistry: Source {
  package static let kind = SourceKind.schemas

  enum Finding: Sendable {
    case schema(MessageSchema)
    /// The request is pending.
    case awaited
    /// The registry does not respond. The schema is requested again when it does.
    case out(String)
    /// The registry responds, but does not have the schema, or has one that cannot be used. The reason is a sentence.
    case refused(String)

    var isSchema: Bool { if case .schema = self { true } else { false } }
    var isOut: Bool { if case .out = self { true } else { false } }
    var isRefused: Bool { if case .refused = self { true } else { false } }
  }

  private static let workers = 4
  private static let retryInterval = Duration.seconds(30)
  private static let glance = Duration.milliseconds(500)

  private let settings: SchemaSettings.Registry
  private let sink: any ObservationSink
  private let now: @Sendable () -> Timestamp
  private let state = Mutex(SchemaFindings())
  private let reported = Mutex<SourceStatus?>(nil)
  private let bells: [WakeUp]
  private let threads: [WorkerThread]
  private let isStopping = Atomic(false)
  private let changes = Atomic(0)

  package init(
    _ settings: SchemaSettings.Registry, sink: any ObservationSink,
    now: @escaping @Sendable () -> Timestamp = SystemClock.now
  ) {
    self.settings = settings
    self.sink = sink
    self.now = now
    bells = (0..<Self.workers).compactMap { _ in WakeUp() }
    threads = bells.map { _ in WorkerThread() }
  }

  /// Starts the threads and returns at once. Later problems are reported in the status.
  package func start() {
    report()
    var started = 0
    for place in bells.indices where threads[place].start({ [self] in run(place) }) { started += 1 }
    if started == 0 { note(outage: "the system gives no thread or descriptor to ask the schema registry with") }
  }

  package func stop() {
    isStopping.store(true, ordering: .relaxed)
    for bell in bells { bell.ring() }
    for thread in threads { thread.join(patience: .seconds(1)) }
  }

  /// Changes with every response: `find` may then return a different result.
  var version: Int { changes.load(ordering: .acquiring) }

  /// What is known of a schema; requests it if it is unknown.
  func find(_ id: SchemaID) -> Finding {
    let (finding, isNew) = state.withLock { state in state.find(id) }
    if isNew { for bell in bells { bell.ring() } }
    return finding
  }

  /// What `find` would return, without a request; `nil` if it would send one.
  func known(_ id: SchemaID) -> Finding? { state.withLock { $0.known(id) } }

  /// The registry does not respond.
  var isOut: Bool { state.withLock { $0.outage != nil } }

  private func run(_ worker: Int) {
    guard let client = RegistryClient(settings, isStopping: { [self] in isStopping.load(ordering: .relaxed) }) else {
      return note(outage: "libcurl cannot be started")
    }
    if worker == 0 { probe(client) }
    while !isStopping.load(ordering: .relaxed) {
      if worker == 0 { retry(client) }
      if let id = state.withLock({ $0.take() }) {
        ask(id, client)
      } else {
        bells[worker].wait(until: .now + (worker == 0 ? Self.glance : .seconds(10)))
      }
    }
  }

  private func probe(_ client: RegistryClient) {
    let asked = now()
    do throws(RegistryClient.Failure) {
      try client.probe()
      noteAnswer(asked)
    } catch {
      if case .outage(let reason) = error { note(outage: reason) }
    }
  }

  private func noteAnswer(_ asked: Timestamp) {
    let instant = now()
    let isBack = state.withLock { $0.noteAnswer(at: instant, latency: instant - asked) }
    if isBack {
      changes.add(1, ordering: .releasing)
      for bell in bells { bell.ring() }
    }
    report()
  }

  private func note(outage reason: String) {
    guard !isStopping.load(ordering: .relaxed) else { return }
    let instant = now()
    state.withLock { $0.noteOutage(reason, at: instant) }
    report()
    // The status must contain the reason before waiting messages are refused.
    let mustAsk = state.withLock { $0.refuseAll(reason) }
    changes.add(1, ordering: .releasing)
    if mustAsk { for bell in bells { bell.ring() } }
  }

  private func retry(_ client: RegistryClient) {
    let instant = now()
    let isOut = state.withLock { state in
      state.outage == nil ? false : state.retryAt <= instant
    }
    if isOut { probe(client) }
    state.withLock { $0.requeue(at: instant) }
  }

  private func ask(_ id: SchemaID, _ client: RegistryClient) {
    let asked = now()
    do throws(RegistryClient.Failure) {
      let schema = try client.schema(id)
      noteAnswer(asked)
      state.withLock { $0.settle(id, schema) }
    } catch {
      switch error {
      case .outage(let reason):
        guard answers(client) else { return note(outage: reason, of: id) }
        note(refusal: "\(reason), for this schema only", of: id, isUnusable: true, asked)
      case .overload(let reason): return note(outage: reason, of: id)
      case .absence(let reason): note(refusal: reason, of: id, isUnusable: false, asked)
      case .refusal(let reason): note(refusal: reason, of: id, isUnusable: true, asked)
      }
    }
    changes.add(1, ordering: .releasing)
    report()
  }

  /// Whether the registry responds although a schema could not be fetched: then the fault is the schema's. Otherwise the source would
  /// alternate between up and down as long as messages need that schema. Blocks.
  private func answers(_ client: RegistryClient) -> Bool {
    let isKnownToAnswer = state.withLock { $0.hasAnswered && $0.outage == nil }
    guard isKnownToAnswer, !isStopping.load(ordering: .relaxed) else { return false }
    do throws(RegistryClient.Failure) { try client.probe() } catch { return false }
    return true
  }

  private func note(refusal reason: String, of id: SchemaID, isUnusable: Bool, _ asked: Timestamp) {
    noteAnswer(asked)
    let instant = now()
    state.withLock { state in
      // With many refusals the interval is longer: at most ten requests per second.
      let again = instant + max(Self.retryInterval, .milliseconds(100) * state.refusals)
      state.refuse(id, "\(id): \(reason)", isUnusable: isUnusable, again: again)
    }
  }

  private func note(outage reason: String, of id: SchemaID) {
    state.withLock { $0.wasNotAnswered(id) }
    note(outage: reason)
  }

  private func report() {
    reported.withLock { reported in
      let status = state.withLock { Self.status($0) }
      guard status != reported else { return }
      reported = status
      sink.accept(status)
    }
  }

  /// Sagas depend on the schemas: during an outage the topics cannot be decoded. A schema that cannot be used only degrades the source: its
  /// messages are known and counted as not decoded.
  private static func status(_ state: SchemaFindings) -> SourceStatus {
    var status = SourceStatus(.schemas)
    let isThere = state.outage == nil && state.hasAnswered
    status.phase = isThere ? state.unusable > 0 ? .degraded : .up : state.outage == nil ? .connecting : .down
    status.isComplete = isThere
    status.lastSuccess = state.lastSuccess
    status.latency = state.latency
    status.error = state.outage.map { "\($0); trying again" }
    status.notes = [state.omission].compactMap(\.self)
    if state.outage == nil, state.refusals > 0, let refusal = state.refusal {
      let others = state.refusals > 1 ? " and \(state.refusals - 1) \(state.refusals == 2 ? "other" : "others")" : ""
      let text = "\(refusal)\(others); asking again every 30 s"
      if state.unusable > 0 { status.error = text } else { status.notes = [text] }
    }
    return status
  }
}
