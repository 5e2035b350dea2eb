import Foundation

/// The demo's own record, and the expected state of each order. Independent of sagatop's rules.
struct Ledger {
  struct Entry {
    var time: Double
    var event: String
    var node: String
    var step: String
    var effect: String
    var error: String?
    var isDuplicate = false
  }

  /// A step's state as far as the ledger determines it: it does not distinguish pending from running steps.
  struct Step: Equatable {
    var status: String
    var node: String?
    var error: String?
  }

  struct Order: Equatable {
    var status: String
    var steps: [String: Step]
  }

  static let steps = ["order", "inventory", "payment", "delivery"]
  private(set) var orders: [String: [Entry]] = [:]

  /// Unless `duplicates` is true, repeated events are dropped, even if the duplicate was written before the original.
  init(file: URL, duplicates: Bool = false) throws {
    for line in try String(contentsOf: file, encoding: .utf8).split(separator: "\n") {
      guard let object = try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any],
        let order = object["orderId"] as? Int,
        let event = object["event"] as? String
      else { continue }
      var entry = Entry(
        time: object["time"] as? Double ?? 0, event: event,
        node: object["node"] as? String ?? "", step: object["step"] as? String ?? "",
        effect: object["effect"] as? String ?? "", error: object["error"] as? String)
      entry.isDuplicate = object["duplicate"] as? Bool == true
      orders["\(order)", default: []].append(entry)
    }
    if !duplicates { orders = orders.mapValues(Self.withoutRepetitions) }
  }

  private static func withoutRepetitions(_ entries: [Entry]) -> [Entry] {
    let originals = Set(entries.lazy.filter { !$0.isDuplicate }.map(\.event))
    return entries.filter { !$0.isDuplicate || !originals.contains($0.event) }
  }

  /// The expected state of the order after these entries, regardless of their order in the file.
  static func order(after entries: [Entry]) -> Order {
    let entries = entries.sorted { $0.time < $1.time }
    let events = Set(entries.map(\.event))
    let isUndoing = events.contains("payment-failed") || events.contains("inventory-failed")
    let owesStock = events.contains("inventory-reserved") && !events.contains("inventory-released")
    let owesOrder = !events.contains("order-cancelled")
    let status =
      events.contains("delivery-completed")
      ? "completed" : !isUndoing ? "running" : owesStock || owesOrder ? "compensating" : "compensated"
    var states: [String: Step] = [:]
    for step in steps { states[step] = state(of: step, entries, isUndoing: isUndoing) }
    return Order(status: status, steps: states)
  }

  private static func state(of step: String, _ entries: [Entry], isUndoing: Bool) -> Step {
    let mine = entries.filter { $0.step == step }
    let undone = mine.contains { $0.event == "inventory-released" || $0.event == "order-cancelled" }
    let work = mine.last { !["inventory-released", "order-cancelled"].contains($0.event) }
    guard let work else { return Step(status: undone ? "compensated" : "open", node: nil, error: nil) }
    if undone { return Step(status: "compensated", node: work.node, error: nil) }
    switch work.event {
    case "inventory-failed", "payment-failed": return Step(status: "failed", node: work.node, error: work.error)
    case "delivery-started": return Step(status: "open", node: work.node, error: nil)
    default:
      let owed = isUndoing && (step == "order" || step == "inventory")
      return Step(status: owed ? "compensating" : "completed", node: work.node, error: nil)
    }
  }
}
