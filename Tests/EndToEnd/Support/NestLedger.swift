import Foundation

/// What the nest says it did, and what each saga must look like because of that. Knows nothing of how sagatop reckons.
struct NestLedger {
  struct Entry {
    var time: Double
    var event: String
    var step: String?
    var error: String?
    /// How the order stands from then on.
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
    /// A step that has not begun, one at work and one that was skipped look alike to the ledger.
    var steps: [String: Step]
  }

  /// By order id: what belongs together, in order of time.
  private(set) var entries: [String: [Entry]] = [:]
  /// The order's id by the id of its saga, its correlation id and itself.
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

  /// How the order stands in the end; `failing` between a failure and the end. A change of the order's status alone says nothing of the saga.
  /// `SagaCompleted` follows a roll-back too: read before the events of the roll-back, it tells of success.
  static func business(_ entries: [Entry]) -> String {
    let isRolledBack = entries.contains { $0.error != nil || rollBack.contains($0.event) }
    if !isRolledBack, entries.contains(where: { $0.event == "SagaCompleted" }) { return "confirmed" }
    let end = entries.last { $0.business != "open" && $0.event != "OrderStatusChanged" }
    return end?.business ?? (entries.contains { $0.error != nil } ? "failing" : "open")
  }

  private static let rollBack: Set = ["SagaFailed", "PaymentFailed", "SagaStepCompensated", "SagaCompensated"]

  /// The saga as all its events make it. No operator had a hand in it.
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
  /// An item in the words of the nest's ledger. Why a step could not be undone is told by the saga's events, not by the step's.
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

  /// When the item's first event happened, in milliseconds since 1970.
  static func startedAt(_ item: [String: Any]) -> Double? { milliseconds(item["startedAt"]) }
}
