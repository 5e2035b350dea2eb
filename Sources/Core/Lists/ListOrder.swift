/// The orders of a list, as `<` and `>` step through them. The raw value is the word for `:sort` and `--sort`.
package protocol ListOrder: RawRepresentable, CaseIterable, Hashable, Sendable where RawValue == String {
  /// The order in which the list is stored.
  static var standard: Self { get }
}

/// The sort key of a row. Unknown values come last, reversed or not.
package enum SortKey: Sendable {
  /// Largest first.
  case number(Double?)
  /// Alphabetical.
  case text(String?)
  case ordered(IDOrder)

  /// Numeric ids by value, then all other ids by text.
  static func id(_ text: String) -> SortKey { .ordered(IDOrder(text)) }

  static func number(_ value: (some BinaryInteger)?) -> SortKey { .number(value.map { Double($0) }) }
  static func number(_ value: Duration?) -> SortKey { .number(value?.seconds) }
  /// Latest first.
  static func latest(_ time: Timestamp?) -> SortKey { .number(time.map { Double($0.nanoseconds) }) }
  /// Earliest first.
  static func earliest(_ time: Timestamp?) -> SortKey { .number(time.map { -Double($0.nanoseconds) }) }

  private var isKnown: Bool {
    switch self {
    case .number(let value): value != nil
    case .text(let text): text != nil
    case .ordered: true
    }
  }

  /// `nil` if the order is undefined.
  static func comesFirst(_ left: SortKey, _ right: SortKey, isReversed: Bool) -> Bool? {
    guard left.isKnown, right.isKnown else { return left.isKnown == right.isKnown ? nil : left.isKnown }
    switch (left, right) {
    case (.number(let a?), .number(let b?)): return a == b ? nil : (a > b) != isReversed
    case (.text(let a?), .text(let b?)): return a == b ? nil : (a < b) != isReversed
    case (.ordered(let a), .ordered(let b)): return a == b ? nil : (a < b) != isReversed
    default: return nil
    }
  }
}

extension Array {
  /// A stable sort. A `nil` key keeps the present order.
  func sorted(isReversed: Bool, by key: ((Element) -> SortKey)?) -> [Element] {
    guard let key else { return isReversed ? reversed() : self }
    let keyed = enumerated().map { (key: key($0.element), place: $0.offset) }
    let sorted = keyed.sorted { left, right in
      SortKey.comesFirst(left.key, right.key, isReversed: isReversed) ?? (left.place < right.place)
    }
    return sorted.map { self[$0.place] }
  }
}

/// The order of elements by their keys, for reading only the first of them.
struct KeyOrder {
  private let keys: [SortKey]
  private let isReversed: Bool

  init(_ keys: [SortKey], isReversed: Bool) {
    self.keys = keys
    self.isReversed = isReversed
  }

  /// Number of elements before the element at this index.
  func rank(of place: Int) -> Int { keys.indices.count { comesFirst($0, place) } }

  /// Indices of the first `count` elements in order. If `count` is small, each other element costs about one comparison.
  func first(_ count: Int) -> [Int] {
    guard count < keys.count / 2 else { return Array(keys.indices.sorted(by: comesFirst).prefix(count)) }
    var heap: [Int] = []
    guard count > 0 else { return heap }
    for place in keys.indices {
      if heap.count < count {
        heap.append(place)
        rise(&heap)
      } else if comesFirst(place, heap[0]) {
        heap[0] = place
        sink(&heap)
      }
    }
    return heap.sorted(by: comesFirst)
  }

  /// Equal elements keep their order.
  private func comesFirst(_ left: Int, _ right: Int) -> Bool {
    SortKey.comesFirst(keys[left], keys[right], isReversed: isReversed) ?? (left < right)
  }

  /// The root of the heap is the last of the selected elements.
  private func rise(_ heap: inout [Int]) {
    var child = heap.count - 1
    while child > 0, comesFirst(heap[(child - 1) / 2], heap[child]) {
      heap.swapAt(child, (child - 1) / 2)
      child = (child - 1) / 2
    }
  }

  private func sink(_ heap: inout [Int]) {
    var parent = 0
    while true {
      var last = parent
      for child in [2 * parent + 1, 2 * parent + 2] where child < heap.count && comesFirst(heap[last], heap[child]) {
        last = child
      }
      guard last != parent else { return }
      heap.swapAt(parent, last)
      parent = last
    }
  }
}

/// Ids in natural order: numbers by value, then all others by text.
package struct IDOrder: Comparable, Sendable {
  private let number: UInt64?
  private let text: String

  init(_ text: String) {
    number = UInt64(text)
    self.text = text
  }

  package static func < (left: IDOrder, right: IDOrder) -> Bool {
    switch (left.number, right.number) {
    case (let first?, let second?): first < second
    case (_?, nil): true
    case (nil, _?): false
    case (nil, nil): left.text < right.text
    }
  }
}
