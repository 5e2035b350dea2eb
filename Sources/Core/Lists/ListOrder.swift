/// The orders of a list, as `<` and `>` step through them. The raw value is the word for `:sort` and `--sort`.
package protocol ListOrder: RawRepresentable, CaseIterable, Hashable, Sendable where RawValue == String {
  /// The order in which the list is read.
  static var standard: Self { get }
}

/// By what a row is sorted. What is not known comes last, reversed or not.
package enum SortKey: Sendable {
  /// The largest first.
  case number(Double?)
  /// From A on.
  case text(String?)
  case ordered(IDOrder)

  /// Numbers by value before all other ids, which go by their text.
  static func id(_ text: String) -> SortKey { .ordered(IDOrder(text)) }

  static func number(_ value: (some BinaryInteger)?) -> SortKey { .number(value.map { Double($0) }) }
  static func number(_ value: Duration?) -> SortKey { .number(value?.seconds) }
  /// The latest first.
  static func latest(_ time: Timestamp?) -> SortKey { .number(time.map { Double($0.nanoseconds) }) }
  /// The earliest first.
  static func earliest(_ time: Timestamp?) -> SortKey { .number(time.map { -Double($0.nanoseconds) }) }

  private var isKnown: Bool {
    switch self {
    case .number(let value): value != nil
    case .text(let text): text != nil
    case .ordered: true
    }
  }

  /// `nil` where neither comes first.
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
  /// Equal ones stay as they stand. `nil` for the order in which they stand.
  func sorted(isReversed: Bool, by key: ((Element) -> SortKey)?) -> [Element] {
    guard let key else { return isReversed ? reversed() : self }
    let keyed = enumerated().map { (key: key($0.element), place: $0.offset) }
    let sorted = keyed.sorted { left, right in
      SortKey.comesFirst(left.key, right.key, isReversed: isReversed) ?? (left.place < right.place)
    }
    return sorted.map { self[$0.place] }
  }
}

/// The order of elements by their keys, of which only the first are wanted.
struct KeyOrder {
  private let keys: [SortKey]
  private let isReversed: Bool

  init(_ keys: [SortKey], isReversed: Bool) {
    self.keys = keys
    self.isReversed = isReversed
  }

  /// How many come before the element at a place.
  func rank(of place: Int) -> Int { keys.indices.count { comesFirst($0, place) } }

  /// The places of the first `count`, in order. Where that is few of many, costs one look at each of the others.
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

  /// Equal ones stay as they stand.
  private func comesFirst(_ left: Int, _ right: Int) -> Bool {
    SortKey.comesFirst(keys[left], keys[right], isReversed: isReversed) ?? (left < right)
  }

  /// The last of those that are kept stands at the top of the heap.
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

/// Ids in the order that a person expects: numbers by value, before all others, which go by their text.
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
