/// One saga as the store keeps it: its ids, its events in canonical order, and what was derived from them.
/// Owned by one `StoreState` and touched only under its lock.
final class Saga {
  /// More ids are not taken: a field that is no id of a saga would otherwise join everything to one of endless length.
  static let mostKeys = 100

  /// What its id is taken from: the first start that was told, and the first id that it carried.
  fileprivate struct Start {
    var place: EventPlace
    var key: SagaKey
  }

  /// What few sagas have. It lies apart: there are many sagas.
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
  /// The first of its keys, and the rest: most have one.
  private(set) var key: SagaKey
  private var otherKeys: [SagaKey] = []
  private var firstStart: Start?
  var events = SagaEvents()
  /// Traces that its events belong to: names to look up, no ids that tell sagas apart.
  var traces: [SagaTrace] = []
  /// What the first `applied` of its events amount to, kept while the saga is active so that the next event costs one step.
  var state: KeptState?
  /// It has events that the summary does not know yet.
  var isChanged = false
  var summary = SagaSummary()
  /// The parts of it that were added to the sums, to be taken out again when it changes.
  var isCounted = false
  /// It was found in a slice of the past that is not read to its end: later events of it may be missing. It is in no list and no sum.
  var isPast = false
  /// It was counted before, or has waited for long enough.
  var isAdmitted = false
  var stepDurations: [StepDuration] = []
  var failures: [FailureMark] = []
  var works: [NodeWork] = []
  /// Of the last round.
  var rollBack: Compensation?
  /// From when on its deadline counts: its last progress, or when that was read.
  var judgedFrom: Timestamp? { progressReadAt ?? summary.progressAt }
  /// When the queue of deadlines brings it up.
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

  /// The id that it is shown by: the first that the start of its first round carried, so that nothing that comes later changes it.
  var id: String { (firstStart?.key ?? key).value }

  /// The id that its first start carried; `nil` where no start was told.
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

  /// Adds the ids that it did not have yet, and returns them.
  func add(_ more: [SagaKey]) -> [SagaKey] {
    let new = Array(more.filter { !isNamed(by: $0) }.prefix(Self.mostKeys - keyCount))
    guard !new.isEmpty else { return [] }
    let all = (keys + new).sorted { ($0.identity, $0.value) < ($1.identity, $1.value) }
    key = all[0]
    otherKeys = Array(all.dropFirst())
    return new
  }
}

/// A saga as its events up to an instant tell it; its ids are those that are known now.
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
  /// `nil` where it had not begun.
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

  /// An id of the saga that it is a part of; where its events tell several, the least.
  var parent: String? {
    get { rare?.parent }
    set { change(newValue != nil) { $0.parent = newValue } }
  }

  var droppedEvents: Int {
    get { rare?.droppedEvents ?? 0 }
    set { change(newValue != 0) { $0.droppedEvents = newValue } }
  }

  /// Handles of the sagas that it absorbed.
  var absorbed: [SagaHandle] {
    get { rare?.absorbed ?? [] }
    set { change(!newValue.isEmpty) { $0.absorbed = newValue } }
  }

  /// Copies of its events that lie elsewhere and were recognised by their ids.
  var copies: Int {
    get { rare?.copies ?? 0 }
    set { change(newValue != 0) { $0.copies = newValue } }
  }

  /// Of the rounds before the last, oldest first.
  var earlier: [SagaSummary] {
    get { rare?.earlier ?? [] }
    set { change(!newValue.isEmpty) { $0.earlier = newValue } }
  }

  /// Since when it waits for its start, see `SagaState.holds`; it is in no list and no sum meanwhile.
  var heldSince: Timestamp? {
    get { rare?.heldSince }
    set { change(newValue != nil) { $0.heldSince = newValue } }
  }

  var earlierRollBacks: [Compensation] {
    get { rare?.earlierRollBacks ?? [] }
    set { change(!newValue.isEmpty) { $0.earlierRollBacks = newValue } }
  }

  /// When its last progress was read, where the event's own time lies after that: its producer's clock runs ahead.
  var progressReadAt: Timestamp? {
    get { rare?.progressReadAt }
    set { change(newValue != nil) { $0.progressReadAt = newValue } }
  }
}

/// What the first `count` of a saga's events amount to. A class, because few sagas have one.
final class KeptState {
  let state: SagaFold.State
  let count: Int

  init(_ state: SagaFold.State, count: Int) {
    self.state = state
    self.count = count
  }
}

/// How long a completed step took.
struct StepDuration: Equatable {
  var step: Symbol
  var nanoseconds: Int64
}
