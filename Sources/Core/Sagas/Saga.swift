/// One saga in the store: its ids, its events in canonical order, and the data derived from them. Owned by one `StoreState` and accessed
/// only under its lock.
final class Saga {
  /// Further ids are ignored: a field that is not a saga id would otherwise join everything to one endless saga.
  static let mostKeys = 100

  /// The source of the displayed id: the first start event in canonical order, and the first id in it.
  fileprivate struct Start {
    var place: EventPlace
    var key: SagaKey
  }

  /// Rarely used data, stored separately because there are many sagas.
  private final class Rare {
    var parent: String?
    var droppedEvents = 0
    var absorbed: [SagaHandle] = []
    var copies = 0
    var earlier: [SagaSummary] = []
    var heldSince: Timestamp?
    var earlierRollBacks: [Compensation] = []
    var progressReadAt: Timestamp?
  }

  private var rare: Rare?
  let definition: Int
  var handle: SagaHandle
  /// The first of its keys, and the others; most sagas have one key.
  private(set) var key: SagaKey
  private var otherKeys: [SagaKey] = []
  private var firstStart: Start?
  var events = SagaEvents()
  /// Traces of its events, for look-up only; they do not identify sagas.
  var traces: [SagaTrace] = []
  /// The state after the first stored number of events, kept while the saga is active, so that the next event costs one step.
  var state: KeptState?
  /// It has events that are not part of the summary yet.
  var isChanged = false
  var summary = SagaSummary()
  /// Its values are part of the sums and must be removed when it changes.
  var isCounted = false
  /// It was found in a slice of the past that is not completely read: later events may be missing. It is in no list and no sum.
  var isPast = false
  /// It was counted before, or has waited long enough.
  var isAdmitted = false
  var stepDurations: [StepDuration] = []
  var failures: [FailureMark] = []
  var works: [NodeWork] = []
  /// The compensation of the last round.
  var rollBack: Compensation?
  /// The start of its deadline: its last progress, or when that was read.
  var judgedFrom: Timestamp? { progressReadAt ?? summary.progressAt }
  /// Its due time in the deadline queue.
  var awaitedAt: Timestamp?

  init(definition: Int, handle: SagaHandle, key: SagaKey) {
    self.definition = definition
    self.handle = handle
    self.key = key
  }

  /// In the order of the definition's identities, then by value.
  var keys: [SagaKey] { [key] + otherKeys }

  var keyCount: Int { 1 + otherKeys.count }

  func isNamed(by key: SagaKey) -> Bool { self.key == key || (!otherKeys.isEmpty && otherKeys.contains(key)) }

  /// The displayed id: the first one in the start of its first round, so that later events do not change it.
  var id: String { (firstStart?.key ?? key).value }

  /// The id in its first start; `nil` without a start.
  var firstStartKey: SagaKey? { firstStart?.key }

  func isFirstStart(_ record: EventRecord) -> Bool {
    firstStart.map { $0.place.origin == record.origin && $0.place.rule == record.rule } ?? false
  }

  func noteStart(_ place: EventPlace, _ key: SagaKey, _ order: EventOrder) {
    if let known = firstStart, !order.precedes(place, known.place) { return }
    firstStart = Start(place: place, key: key)
  }

  func noteStart(of other: Saga, _ order: EventOrder) {
    if let start = other.firstStart { noteStart(start.place, start.key, order) }
  }

  func note(_ trace: TraceID, at time: Timestamp) { SagaTrace.add(trace, at: time, to: &traces) }

  /// Adds the ids that it does not have yet, and returns them.
  func add(_ more: [SagaKey]) -> [SagaKey] {
    let new = Array(more.filter { !isNamed(by: $0) }.prefix(Self.mostKeys - keyCount))
    guard !new.isEmpty else { return [] }
    let all = (keys + new).sorted { ($0.identity, $0.value) < ($1.identity, $1.value) }
    key = all[0]
    otherKeys = Array(all.dropFirst())
    return new
  }
}

/// The data to derive a saga as of a past instant: its events up to then, and its ids as known now.
struct SagaCut: Sendable {
  let definition: Int
  let handle: SagaHandle
  fileprivate let key: SagaKey
  fileprivate let otherKeys: [SagaKey]
  fileprivate let firstStart: Saga.Start?
  let parent: String?
  let events: SagaEvents
  fileprivate let traces: [SagaTrace]
  fileprivate let droppedEvents: Int
  let absorbed: [SagaHandle]
}

extension Saga {
  /// `nil` if the saga had no events by then.
  func cut(at instant: Timestamp) -> SagaCut? {
    let events = events.cut(at: instant)
    guard events.count > 0 else { return nil }
    return SagaCut(
      definition: definition, handle: handle, key: key, otherKeys: otherKeys, firstStart: firstStart, parent: parent,
      events: events, traces: traces, droppedEvents: droppedEvents, absorbed: absorbed)
  }

  convenience init(_ cut: SagaCut) {
    self.init(definition: cut.definition, handle: cut.handle, key: cut.key)
    (otherKeys, firstStart, events, traces) = (cut.otherKeys, cut.firstStart, cut.events, cut.traces)
    (parent, droppedEvents, absorbed) = (cut.parent, cut.droppedEvents, cut.absorbed)
  }
}

extension Saga {
  private func change(_ isNeeded: Bool, _ body: (Rare) -> Void) {
    guard isNeeded || rare != nil else { return }
    let rare = rare ?? Rare()
    self.rare = rare
    body(rare)
  }

  /// An id of its parent saga; if its events contain several, the smallest. `nil` if none.
  var parent: String? {
    get { rare?.parent }
    set { change(newValue != nil) { $0.parent = newValue } }
  }

  var droppedEvents: Int {
    get { rare?.droppedEvents ?? 0 }
    set { change(newValue != 0) { $0.droppedEvents = newValue } }
  }

  /// Handles of the sagas that were merged into it.
  var absorbed: [SagaHandle] {
    get { rare?.absorbed ?? [] }
    set { change(!newValue.isEmpty) { $0.absorbed = newValue } }
  }

  /// Number of copies of its events at other places, recognized by their ids.
  var copies: Int {
    get { rare?.copies ?? 0 }
    set { change(newValue != 0) { $0.copies = newValue } }
  }

  /// Of the earlier rounds, oldest first.
  var earlier: [SagaSummary] {
    get { rare?.earlier ?? [] }
    set { change(!newValue.isEmpty) { $0.earlier = newValue } }
  }

  /// When it started to wait for its start event, see `SagaState.holds`; meanwhile it is in no list and no sum.
  var heldSince: Timestamp? {
    get { rare?.heldSince }
    set { change(newValue != nil) { $0.heldSince = newValue } }
  }

  var earlierRollBacks: [Compensation] {
    get { rare?.earlierRollBacks ?? [] }
    set { change(!newValue.isEmpty) { $0.earlierRollBacks = newValue } }
  }

  /// When its last progress was read, if the event's own time is later because its producer's clock runs ahead; otherwise `nil`.
  var progressReadAt: Timestamp? {
    get { rare?.progressReadAt }
    set { change(newValue != nil) { $0.progressReadAt = newValue } }
  }
}

/// The state after the first `count` events of a saga. A class, because few sagas have one.
final class KeptState {
  let state: SagaFold.State
  let count: Int

  init(_ state: SagaFold.State, count: Int) {
    self.state = state
    self.count = count
  }
}

/// The duration of a completed step.
struct StepDuration: Equatable {
  var step: Symbol
  var nanoseconds: Int64
}
