/// Something that goes wrong in the shop, or the word that puts it right again.
enum Fault: String, CaseIterable {
  /// The payment service loses its database: its instances stop consuming and its health is DOWN.
  case paymentDown = "payment-down"
  case paymentUp = "payment-up"
  /// Three of the products have no stock for orders scheduled from then on.
  case stockOut = "stock-out"
  case stockBack = "stock-back"
  /// The inventory service needs seconds for what takes milliseconds.
  case slowInventory = "slow-inventory"
  case inventoryNormal = "inventory-normal"
  /// Some events are published twice.
  case duplicates
  case noDuplicates = "no-duplicates"
  /// Some events are published late, after one that happened later.
  case reorder
  case noReorder = "no-reorder"
  /// One message that is not JSON: the payment service tries it for 20 s, then parks it, and what lies behind it waits.
  case poison
  /// The last node's instances of all services vanish; their groups notice after 6 s.
  case nodeLost = "node-lost"
  case nodeBack = "node-back"
  /// A lock without a time to live stays behind on one product.
  case lockLeak = "lock-leak"
  case lockFreed = "lock-freed"
  /// A share of payment calls ends in a gateway timeout, and nothing tries again by itself.
  case paymentFlaky = "payment-flaky"
  case paymentSteady = "payment-steady"
  /// The payment gateway refuses every call, so that the circuit breaker over it opens.
  case circuitOpen = "circuit-open"
  case circuitClosed = "circuit-closed"

  /// The fault that this word ends, if it ends one.
  var undoes: Fault? {
    switch self {
    case .paymentUp: .paymentDown
    case .stockBack: .stockOut
    case .inventoryNormal: .slowInventory
    case .noDuplicates: .duplicates
    case .noReorder: .reorder
    case .nodeBack: .nodeLost
    case .lockFreed: .lockLeak
    case .paymentSteady: .paymentFlaky
    case .circuitClosed: .circuitOpen
    default: nil
    }
  }
}
