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
  /// Numbers by value before all other ids, which go by their text.
  case id(String)

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
    case .id: true
    }
  }

  /// `nil` where neither comes first.
  static func comesFirst(_ left: SortKey, _ right: SortKey, isReversed: Bool) -> Bool? {
    guard left.isKnown, right.isKnown else { return left.isKnown == right.isKnown ? nil : left.isKnown }
    switch (left, right) {
    case (.number(let a?), .number(let b?)): return a == b ? nil : (a > b) != isReversed
    case (.text(let a?), .text(let b?)): return a == b ? nil : (a < b) != isReversed
    case (.id(let a), .id(let b)):
      let (first, second) = (IDOrder(a), IDOrder(b))
      return first == second ? nil : (first < second) != isReversed
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

/// Ids in the order that a person expects: numbers by value, before all others, which go by their text.
struct IDOrder: Comparable {
  private let number: UInt64?
  private let text: String

  init(_ text: String) {
    number = UInt64(text)
    self.text = text
  }

  static func < (left: IDOrder, right: IDOrder) -> Bool {
    switch (left.number, right.number) {
    case (let first?, let second?): first < second
    case (_?, nil): true
    case (nil, _?): false
    case (nil, nil): left.text < right.text
    }
  }
}
