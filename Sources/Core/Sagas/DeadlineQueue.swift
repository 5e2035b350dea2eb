/// The times at which sagas must be checked again, soonest first.
struct DeadlineQueue {
  struct Entry: Comparable {
    var due: Timestamp
    var saga: SagaHandle

    static func < (left: Entry, right: Entry) -> Bool { left.due < right.due }
  }

  private var heap = MinHeap<Entry>()

  var count: Int { heap.count }

  mutating func push(_ entry: Entry) { heap.push(entry) }

  /// Removes and returns the soonest entry if it is due at `now`.
  mutating func pop(dueAt now: Timestamp) -> Entry? {
    guard let first = heap.least, first.due <= now else { return nil }
    return heap.popLeast()
  }

  /// Removes the entries for which `isWanted` returns `false`.
  mutating func keep(_ isWanted: (Entry) -> Bool) { heap = MinHeap(heap.entries.filter(isWanted)) }
}
