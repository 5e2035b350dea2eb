/// A story that replaces the even stream of orders.
enum Scenario: String, CaseIterable {
  /// 100 concurrent orders for the last unit of one product.
  case lastUnit = "last-unit"
}
