/// A list whose rows can be put into several orders, with the keys and titles that do so.
package protocol OrderedList {
  associatedtype Order: RawRepresentable, Equatable where Order.RawValue == String

  /// As `<` and `>` step through them.
  static var orders: [Order] { get }
  var order: Order { get set }
  var isReversed: Bool { get set }
}

extension OrderedList {
  /// The order as a sentence names it.
  var orderText: String { order.rawValue + (isReversed ? ", reversed" : "") }

  /// What `<`, `>` and `I` ask for.
  mutating func sort(_ command: Command) {
    guard command != .reverse else { return isReversed.toggle() }
    let count = Self.orders.count
    let place = (Self.orders.firstIndex(of: order) ?? 0) + (command == .sortNext ? 1 : -1)
    order = Self.orders[((place % count) + count) % count]
  }

  /// What a column's title asks for: its order, and when it has that already, the reverse.
  mutating func sort(byTitleOf wanted: Order) {
    if order == wanted { isReversed.toggle() } else { order = wanted }
  }
}

extension Array {
  /// The largest first, or reversed the smallest; what has no key comes last either way. Equal ones stay as they stand.
  func sortedLargestFirst(isReversed: Bool, by key: (Element) -> Double?) -> [Element] {
    let keyed = enumerated().map { (key: key($0.element), place: $0.offset) }
    let sorted = keyed.sorted { left, right in
      guard let a = left.key, let b = right.key else {
        return left.key == nil && right.key == nil ? left.place < right.place : left.key != nil
      }
      return a == b ? left.place < right.place : isReversed ? a < b : a > b
    }
    return sorted.map { self[$0.place] }
  }
}
