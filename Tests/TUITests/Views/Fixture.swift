import Core

@testable import TUI

/// Data of a system at a fixed time, with a saga in every state that screens distinguish.
struct Fixture: ContentSource {
  static let now = Timestamp(milliseconds: 1_769_508_202_000)

  var head = Fixture.makeHeader()
  var inference: InferenceView?
  var coverage = CoverageView()
  var sagas = Fixture.sampleSagas
  var latest = Fixture.sampleEvents
  var undecoded = [
    EventList.Undecoded(topic: "payment-completed", count: 3, lastReason: "not JSON: unexpected byte 0x80 at 0"),
    EventList.Undecoded(topic: "legacy", count: 1, lastReason: "no id of any saga was found"),
  ]
  var texts = Fixture.sampleMessages
  var types = ["order"]
  var groups = Fixture.sampleGroups
  var topics = Fixture.sampleTopics
  var isListed = true
  var lagReadAt: Timestamp? = Fixture.now - .milliseconds(1_200)
  var locks: [LockView] = []
  var lockPatterns: [LockPatternRow] = []
  var lockCounts: [CountedPatternRow] = []
  var lockReadAt: Timestamp?
  var services = Fixture.sampleServices
  var done: [ActionRecord] = []
  var auditProblem: String?
  var rollBacks = Fixture.sampleRollBacks
  var patterns = Fixture.sampleFailures
  var nodeView = Fixture.sampleNodes
  var memberRows = Fixture.sampleMembers

  static func makeHeader(_ change: (inout SourceStatus) -> Void = { _ in }) -> HeaderView {
    var kafka = SourceStatus(.kafka, phase: .up)
    kafka.lastSuccess = now - .milliseconds(300)
    kafka.isComplete = true
    kafka.messages = 48_213
    kafka.brokers = 3
    kafka.topics = 9
    kafka.partitions = 27
    change(&kafka)
    return HeaderView(context: "prod", sources: [kafka], now: now)
  }

  func header(now: Timestamp) -> HeaderView {
    var header = head
    header.now = now
    return header
  }

  func overview(limit: Int, now: Timestamp) -> OverviewView {
    var counts = TypeView.Counts()
    for row in sagas {
      switch row.status {
      case .running: counts.running += 1
      case .completed: counts.completed += 1
      case .compensating: counts.compensating += 1
      case .compensated: counts.compensated += 1
      case .failed: counts.failed += 1
      case .declined: counts.declined += 1
      case .ended: counts.ended += 1
      }
      if row.flags.contains(.stuck) { counts.stuck += 1 }
    }
    if counts.completed > 0 { counts.completed += 1203 }
    var history: [Double?] = Array(repeating: nil, count: 12)
    for second in 12..<60 { history.append(Double(20 + (second * 7) % 23)) }
    var total = TypeView(
      type: "", counts: counts, startRate: 42.4, completionRate: 0.992, p50: .milliseconds(410),
      p95: .milliseconds(812), p99: .milliseconds(1204), startHistory: history)
    total.endRate = 41.9
    let each = types.map { type in
      var view = total
      view.type = type
      return view
    }
    return sagas.isEmpty
      ? OverviewView(total: TypeView(type: ""), undecoded: undecoded.reduce(0) { $0 + $1.count })
      : OverviewView(total: total, types: each, undecoded: 4, evicted: 0)
  }

  /// Supports only the order of severity.
  func sagas(_ query: SagaQuery, now: Timestamp) -> SagaList {
    let ordered = query.isReversed ? sagas.reversed() : sagas
    return SagaList(ordered).part(following: query.following, offset: query.offset, limit: query.limit)
  }

  func saga(_ handle: SagaHandle, now: Timestamp) -> SagaView? {
    sagas.first { $0.handle == handle }.map { row in
      var view = SagaView(
        row: row, ids: [("orderId", row.id), ("correlationId", "c-\(row.handle.slot)")],
        events: latest.filter { $0.saga == handle }.reversed())
      view.parent = row.parent.flatMap { parent in sagas.first { $0.id == parent } }
      view.children = sagas.filter { $0.parent == row.id }
      view.childCount = view.children.count
      view.actions = done.filter { $0.subject == row.id }.reversed()
      return view
    }
  }

  var traces = SagaTraces(ids: [], samples: [], isOff: true)

  func traces(of handle: SagaHandle, asks: Bool, now: Timestamp) -> SagaTraces? { traces }

  func diagnosis(_ handle: SagaHandle, now: Timestamp) -> Diagnosis? { saga(handle, now: now).map(Self.diagnosis(of:)) }

  /// Like the store's causes, but of all sagas.
  func causes(now: Timestamp) -> [CauseGroup] {
    let troubled = sagas.filter { $0.flags.contains(.stuck) || $0.status == .failed }
    return troubled.compactMap { row in
      diagnosis(row.handle, now: now)?.causes.first.map {
        CauseGroup(
          cause: $0, count: 1, since: row.progressAt, steps: row.step.map { [$0] } ?? [], filter: "status:stuck")
      }
    }
  }

  func changes(since instant: Timestamp) -> [Change] {
    [
      Change(
        .service, "payment-service", "payment-service is down, was up: connection refused", isWorse: true,
        at: Self.now - .seconds(250)),
      Change(.deployment, "node-2", "node-2 went from version 1.3 to 1.4", isWorse: nil, at: Self.now - .seconds(262)),
    ].filter { $0.time >= instant }
  }

  func events(_ query: EventQuery, now: Timestamp) -> EventList {
    let rows = Array(latest.dropFirst(query.offset).prefix(query.limit))
    return EventList(
      ListWindow(rows, offset: query.offset, matching: latest.count), received: latest.count + 48_000,
      undecoded: undecoded)
  }

  func message(_ ref: MessageRef) -> Message? { texts[ref] }
}
