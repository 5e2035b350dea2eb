/// Actions ordered by when they are due; those due at the same time keep the order they were added in.
struct TimerHeap {
  private struct Entry {
    let due: UInt64
    let sequence: Int
    let action: () -> Void

    func precedes(_ other: Entry) -> Bool { (due, sequence) < (other.due, other.sequence) }
  }

  private var entries: [Entry] = []
  private var lastSequence = 0

  /// When the first action is due.
  var nextDue: UInt64? { entries.first?.due }

  mutating func add(due: UInt64, _ action: @escaping () -> Void) {
    lastSequence += 1
    entries.append(Entry(due: due, sequence: lastSequence, action: action))
    var child = entries.count - 1
    while child > 0, entries[child].precedes(entries[(child - 1) / 2]) {
      entries.swapAt(child, (child - 1) / 2)
      child = (child - 1) / 2
    }
  }

  /// Removes and returns the first action if it is due at `now`.
  mutating func takeDue(at now: UInt64) -> (() -> Void)? {
    guard let first = entries.first, first.due <= now else { return nil }
    entries.swapAt(0, entries.count - 1)
    entries.removeLast()
    sink()
    return first.action
  }

  private mutating func sink() {
    var parent = 0
    while true {
      var least = parent
      for child in [2 * parent + 1, 2 * parent + 2]
      where child < entries.count && entries[child].precedes(entries[least]) {
        least = child
      }
      if least == parent { return }
      entries.swapAt(parent, least)
      parent = least
    }
  }
}
