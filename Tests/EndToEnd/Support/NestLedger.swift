import Foundation

/// The nest's own record, and the expected state of each saga. Independent of sagatop's rules.
struct NestLedger {
  struct Entry {
    var time: Double
    var event: String
    var step: String?
    var error: String?
    /// State of the order after the entry.
    var business: String
  }

  struct Step: Equatable {
    var status: String
    var error: String?
  }

  struct Saga: Equatable {
    var status: String
    var error: String?
    var isInconsistent: Bool
    /// The ledger does not distinguish pending, running and skipped steps.
    var steps: [String: Step]
  }

  /// Entries by order id, in order of time.
  private(set) var entries: [String: [Entry]] = [:]
  /// Order ids by the saga's id, the correlation id and the order id itself.
  private(set) var orders: [String: String] = [:]
  private(set) var sagaIds: [String: String] = [:]

  init(file: URL) throws {
    for line in try String(contentsOf: file, encoding: .utf8).split(separator: "\n") {
      guard let object = try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any],
        let order = object["orderId"] as? String
      else { continue }
      if let saga = object["sagaId"] as? String { sagaIds[order] = saga }
      for id in ["orderId", "correlationId", "sagaId"].compactMap({ object[$0] as? String }) { orders[id] = order }
      guard object["duplicate"] as? Bool != true, let event = object["event"] as? String else { continue }
      entries[order, default: []].append(
        Entry(
          time: object["time"] as? Double ?? 0, event: event, step: object["step"] as? String,
          error: object["error"] as? String, business: object["business"] as? String ?? ""))
    }
    entries = entries.mapValues { $0.sorted { $0.time < $1.time } }
  }

  /// The final state of the order; `failing` between a failure and the end. A change of the order's status alone does not affect the
  /// saga. `SagaCompleted` also follows a compensation. If it is read before the events of the compensation, it means success.
  static func business(_ entries: [Entry]) -> String {
    let isRolledBack = entries.contains { $0.error != nil || rollBack.contains($0.event) }
    if !isRolledBack, entries.contains(where: { $0.event == "SagaCompleted" }) { return "confirmed" }
    let end = entries.last { $0.business != "open" && $0.event != "OrderStatusChanged" }
    return end?.business ?? (entries.contains { $0.error != nil } ? "failing" : "open")
  }

  private static let rollBack: Set = ["SagaFailed", "PaymentFailed", "SagaStepCompensated", "SagaCompensated"]

  /// The expected state of the saga after all its events, if no operator has acted on it.
  static func saga(after entries: [Entry]) -> Saga {
    let business = business(entries)
    let failure = entries.first { $0.event == "SagaFailed" || $0.event == "PaymentFailed" }
    let done = Set(entries.filter { $0.event == "SagaStepCompleted" }.compactMap(\.step))
    let status = [
      "open": "running", "confirmed": "completed", "declined": "compensated", "undone": "compensated",
      "stranded": "failed", "failing": "compensating",
    ]
    let undone = ["undone": "compensated", "stranded": "compensationFailed"]
    var steps: [String: Step] = [:]
    for step in ["payment_processing", "order_confirmation"] {
      steps[step] = Step(status: done.contains(step) ? undone[business] ?? "completed" : "open")
    }
    if let failure, let step = failure.step { steps[step] = Step(status: "failed", error: failure.error) }
    let isCompletedToo = business != "confirmed" && entries.contains { $0.event == "SagaCompleted" }
    return Saga(
      status: status[business] ?? business, error: failure?.error, isInconsistent: isCompletedToo, steps: steps)
  }
}

extension SnapshotDocument {
  /// An item in the ledger's terms. Why a compensation failed is only in the saga's events, not in the step's.
  static func saga(_ item: [String: Any]) -> NestLedger.Saga {
    var steps: [String: NestLedger.Step] = [:]
    for step in item["steps"] as? [[String: Any]] ?? [] {
      let status = step["status"] as? String ?? ""
      let isFailed = status == "failed"
      steps[step["name"] as? String ?? ""] = NestLedger.Step(
        status: ["running", "pending", "skipped"].contains(status) ? "open" : status,
        error: isFailed ? step["error"] as? String : nil)
    }
    return NestLedger.Saga(
      status: item["status"] as? String ?? "", error: item["error"] as? String,
      isInconsistent: (item["flags"] as? [String] ?? []).contains("inconsistent"), steps: steps)
  }

  /// Time of the item's first event, in milliseconds since 1970.
  static func startedAt(_ item: [String: Any]) -> Double? { milliseconds(item["startedAt"]) }
}
