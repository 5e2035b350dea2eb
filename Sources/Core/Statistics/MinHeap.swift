/// A binary heap. Reading the smallest entry takes constant time; `push` and `popLeast` take logarithmic time.
struct MinHeap<Entry: Comparable & Sendable>: Sendable {
  private(set) var entries: [Entry] = []

  init() {}

  init(_ entries: [Entry]) {
    // A sorted array is a heap.
    self.entries = entries.sorted()
  }

  var count: Int { entries.count }
  var least: Entry? { entries.first }

  mutating func push(_ entry: Entry) {
    entries.append(entry)
    var child = entries.count - 1
    while child > 0, entries[child] < entries[(child - 1) / 2] {
      entries.swapAt(child, (child - 1) / 2)
      child = (child - 1) / 2
    }
  }

  mutating func popLeast() -> Entry? {
    guard let least = entries.first else { return nil }
    let last = entries.removeLast()
    guard !entries.isEmpty else { return least }
    entries[0] = last
    sink()
    return least
  }

  private mutating func sink() {
    var parent = 0
    while true {
      var least = parent
      for child in [2 * parent + 1, 2 * parent + 2] where child < entries.count && entries[child] < entries[least] {
        least = child
      }
      guard least != parent else { return }
      entries.swapAt(parent, least)
      parent = least
    }
  }
}
