/// One saga as the store keeps it: its ids, its events in canonical order, and what was derived from them.
/// Owned by one `StoreState` and touched only under its lock.
final class Saga {
  /// More ids are not taken: a field that is no id of a saga would otherwise join everything to one of endless length.
  static let mostKeys = 100

  let definition: Int
  var handle: SagaHandle
  /// In the order of the definition's identities, then by value; the first is the one it is shown by.
  var keys: [SagaKey]
  /// An id of the saga that it is a part of; where its events tell several, the least.
  var parent: String?
  var events: [EventRecord] = []
  var droppedEvents = 0
  /// Copies of its events that lie elsewhere and were recognised by their ids.
  var copies = 0
  /// It has events that the summary does not know yet.
  var isChanged = false
  var summary = SagaSummary()
  /// The parts of it that were added to the sums, to be taken out again when it changes.
  var isCounted = false
  var stepDurations: [(step: Symbol, duration: Duration)] = []
  var failures: [FailureMark] = []
  var works: [NodeWork] = []
  var rollBack: Compensation?
  /// When the queue of deadlines brings it up.
  var awaitedAt: Timestamp?

  init(definition: Int, handle: SagaHandle, keys: [SagaKey]) {
    self.definition = definition
    self.handle = handle
    self.keys = keys
  }

  /// Adds the ids that it did not have yet, and returns them.
  func add(_ more: [SagaKey]) -> ArraySlice<SagaKey> {
    let new = more.filter { !keys.contains($0) }.prefix(Self.mostKeys - keys.count)
    if !new.isEmpty { keys = (keys + new).sorted { ($0.identity, $0.value) < ($1.identity, $1.value) } }
    return new
  }
}
