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
