/// A simulated fault, or the word that ends it.
enum Fault: String, CaseIterable {
  /// Payment is unavailable: in the shop its instances stop consuming and its health is DOWN; in the nest its calls time out.
  case paymentDown = "payment-down"
  case paymentUp = "payment-up"
  /// The pods of the shop's payment service are killed repeatedly by the out-of-memory killer.
  case paymentOOM = "payment-oom"
  case paymentHealed = "payment-healed"
  /// Three products have no stock for orders scheduled after this.
  case stockOut = "stock-out"
  case stockBack = "stock-back"
  /// The inventory service takes seconds instead of milliseconds.
  case slowInventory = "slow-inventory"
  case inventoryNormal = "inventory-normal"
  /// The inventory service on the first node is ten times slower than on the others.
  case slowNode = "slow-node"
  case nodeNormal = "node-normal"
  /// Some events are published twice.
  case duplicates
  case noDuplicates = "no-duplicates"
  /// Some events are published late, after a newer event.
  case reorder
  case noReorder = "no-reorder"
  /// Publishes one message that is not JSON: the payment service retries it for 20 s, then moves it to the dead-letter topic. Later
  /// messages of the partition wait.
  case poison
  /// The last node crashes together with its work in progress. The shop's consumer groups notice it after 6 s.
  case nodeLost = "node-lost"
  case nodeBack = "node-back"
  /// A lock on one product stays without a time to live.
  case lockLeak = "lock-leak"
  case lockFreed = "lock-freed"
  /// The user service responds to the payment service late and with HTTP 503.
  case slowUserService = "slow-user-service"
  case userServiceNormal = "user-service-normal"
  /// A part of the payment calls ends in a gateway timeout, without an automatic retry.
  case paymentFlaky = "payment-flaky"
  case paymentSteady = "payment-steady"
  /// The payment gateway rejects every call, so the circuit breaker opens.
  case circuitOpen = "circuit-open"
  case circuitClosed = "circuit-closed"
  /// The user service of the chat accepts requests but does not respond. The gateway waits for it.
  case serviceHang = "service-hang"
  case serviceBack = "service-back"
  /// Responses to retry and compensate are sent long after the work is done.
  case apiHang = "api-hang"
  case apiPrompt = "api-prompt"
  /// Every tenth call of retry or compensate fails without any effect.
  case apiFlaky = "api-flaky"
  case apiSteady = "api-steady"
  /// A token is valid for only two seconds.
  case tokenExpiry = "token-expiry"
  case tokenLasting = "token-lasting"

  /// A read model is no longer updated.
  case projectionStall = "projection-stall"
  case projectionFlow = "projection-flow"

  /// The fault that this word ends; `nil` if it is a fault itself.
  var undoes: Fault? {
    switch self {
    case .paymentUp: .paymentDown
    case .paymentHealed: .paymentOOM
    case .stockBack: .stockOut
    case .inventoryNormal: .slowInventory
    case .nodeNormal: .slowNode
    case .noDuplicates: .duplicates
    case .noReorder: .reorder
    case .nodeBack: .nodeLost
    case .lockFreed: .lockLeak
    case .userServiceNormal: .slowUserService
    case .paymentSteady: .paymentFlaky
    case .circuitClosed: .circuitOpen
    case .serviceBack: .serviceHang
    case .apiPrompt: .apiHang
    case .apiSteady: .apiFlaky
    case .tokenLasting: .tokenExpiry
    case .projectionFlow: .projectionStall
    default: nil
    }
  }
}

/// When faults start and end, in milliseconds since the system opened.
struct FaultSchedule: Equatable {
  struct Entry: Equatable {
    let fault: Fault
    let milliseconds: Int
  }

  /// Sorted by time; entries with the same time keep their given order.
  private(set) var entries: [Entry] = []

  init() {}

  /// Parses words such as `payment-down@10`. A fault without a time starts immediately.
  init(parsing words: [String]) throws(UsageError) {
    for word in words {
      entries.append(try Self.entry(word))
    }
    let inOrder = entries.enumerated().sorted {
      ($0.element.milliseconds, $0.offset) < ($1.element.milliseconds, $1.offset)
    }
    entries = inOrder.map(\.element)
  }

  /// The time of the last entry; 0 if there are none.
  var lastMilliseconds: Int { entries.last?.milliseconds ?? 0 }

  /// Whether `fault` has started and not ended at that time.
  func isOn(_ fault: Fault, at milliseconds: Int) -> Bool {
    entries.last { $0.milliseconds <= milliseconds && ($0.fault == fault || $0.fault.undoes == fault) }?.fault == fault
  }

  private static func entry(_ word: String) throws(UsageError) -> Entry {
    let parts = word.split(separator: "@", maxSplits: 1, omittingEmptySubsequences: false)
    let name = parts.first.map(String.init) ?? ""
    guard let fault = Fault(rawValue: name) else {
      throw .unknown("fault", name, known: Fault.allCases.map(\.rawValue))
    }
    guard parts.count == 2 else { return Entry(fault: fault, milliseconds: 0) }
    guard let seconds = Double(parts[1]), (0...86_400).contains(seconds) else {
      throw UsageError("--fault \(name)@ takes seconds from 0 to 86400, not '\(parts[1])'")
    }
    return Entry(fault: fault, milliseconds: Int(seconds * 1000))
  }
}
