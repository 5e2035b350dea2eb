/// Something that goes wrong in a system, or the word that puts it right again.
enum Fault: String, CaseIterable {
  /// Payment is not to be had: in the shop its instances stop consuming and its health is DOWN; in the nest its calls time out.
  case paymentDown = "payment-down"
  case paymentUp = "payment-up"
  /// The pods of the shop's payment service are killed for want of memory, again and again.
  case paymentOOM = "payment-oom"
  case paymentHealed = "payment-healed"
  /// Three of the products have no stock for orders scheduled from then on.
  case stockOut = "stock-out"
  case stockBack = "stock-back"
  /// The inventory service needs seconds for what takes milliseconds.
  case slowInventory = "slow-inventory"
  case inventoryNormal = "inventory-normal"
  /// The inventory service on the first node takes ten times as long as on the others.
  case slowNode = "slow-node"
  case nodeNormal = "node-normal"
  /// Some events are published twice.
  case duplicates
  case noDuplicates = "no-duplicates"
  /// Some events are published late, after one that happened later.
  case reorder
  case noReorder = "no-reorder"
  /// One message that is not JSON: the payment service tries it for 20 s, then parks it, and what lies behind it waits.
  case poison
  /// The last node vanishes with what it was at; the shop's groups notice after 6 s.
  case nodeLost = "node-lost"
  case nodeBack = "node-back"
  /// A lock without a time to live stays behind on one product.
  case lockLeak = "lock-leak"
  case lockFreed = "lock-freed"
  /// The user service answers the payment service late, and with 503.
  case slowUserService = "slow-user-service"
  case userServiceNormal = "user-service-normal"
  /// A share of payment calls ends in a gateway timeout, and nothing tries again by itself.
  case paymentFlaky = "payment-flaky"
  case paymentSteady = "payment-steady"
  /// The payment gateway refuses every call, so that the circuit breaker over it opens.
  case circuitOpen = "circuit-open"
  case circuitClosed = "circuit-closed"
  /// The user service of the chat takes requests and does not answer them; the gateway waits for it.
  case serviceHang = "service-hang"
  case serviceBack = "service-back"
  /// Retry and compensate are answered only long after their work is done.
  case apiHang = "api-hang"
  case apiPrompt = "api-prompt"
  /// Every tenth call for retry or compensate fails without having done anything.
  case apiFlaky = "api-flaky"
  case apiSteady = "api-steady"
  /// A token is valid for two seconds only.
  case tokenExpiry = "token-expiry"
  case tokenLasting = "token-lasting"

  /// A read model is not brought up to date any more.
  case projectionStall = "projection-stall"
  case projectionFlow = "projection-flow"

  /// The fault that this word ends, if it ends one.
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

/// Which faults begin and end when, in milliseconds since the shop opened.
struct FaultSchedule: Equatable {
  struct Entry: Equatable {
    let fault: Fault
    let milliseconds: Int
  }

  /// In order of time; at the same time in the order given.
  private(set) var entries: [Entry] = []

  init() {}

  /// Reads words such as `payment-down@10`; without a time a fault is there from the start.
  init(parsing words: [String]) throws(UsageError) {
    for word in words {
      entries.append(try Self.entry(word))
    }
    let inOrder = entries.enumerated().sorted {
      ($0.element.milliseconds, $0.offset) < ($1.element.milliseconds, $1.offset)
    }
    entries = inOrder.map(\.element)
  }

  /// The time of the last entry, 0 without any.
  var lastMilliseconds: Int { entries.last?.milliseconds ?? 0 }

  /// Whether `fault` has begun at that time and has not been undone.
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
