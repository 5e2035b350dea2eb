/// Deadlines of sagas to check again, soonest first (a binary heap).
struct DeadlineQueue {
  struct Entry {
    var due: Timestamp
    var saga: SagaHandle
  }

  private var heap: [Entry] = []

  var count: Int { heap.count }

  mutating func push(_ entry: Entry) {
    heap.append(entry)
    var child = heap.count - 1
    while child > 0, heap[child].due < heap[(child - 1) / 2].due {
      heap.swapAt(child, (child - 1) / 2)
      child = (child - 1) / 2
    }
  }

  /// Removes and returns the soonest entry if it is due at `now`.
  mutating func pop(dueAt now: Timestamp) -> Entry? {
    guard let first = heap.first, first.due <= now else { return nil }
    let last = heap.removeLast()
    guard !heap.isEmpty else { return first }
    heap[0] = last
    sink()
    return first
  }

  /// Drops the entries that are no longer needed.
  mutating func keep(_ isWanted: (Entry) -> Bool) {
    // A sorted array is a heap.
    heap = heap.filter(isWanted).sorted { $0.due < $1.due }
  }

  private mutating func sink() {
    var parent = 0
    while true {
      var least = parent
      for child in [2 * parent + 1, 2 * parent + 2] where child < heap.count && heap[child].due < heap[least].due {
        least = child
      }
      guard least != parent else { return }
      heap.swapAt(parent, least)
      parent = least
    }
  }
}
