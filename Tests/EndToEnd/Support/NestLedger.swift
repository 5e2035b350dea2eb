import Foundation

/// What the nest says it did, and what each saga must look like because of that. Knows nothing of how sagatop reckons.
struct NestLedger {
  struct Entry {
    var time: Double
    var event: String
    var step: String?
    var error: String?
  }

  struct Step: Equatable {
    var status: String
    var error: String?
  }

  struct Saga: Equatable {
    var status: String
    /// A step that has not begun and one at work look alike to the ledger.
    var steps: [String: Step]
  }

  /// By order id: what belongs together.
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
          error: object["error"] as? String))
    }
  }

  /// The saga as these events make it, in whatever order they were written down. No operator had a hand in it.
  static func saga(after entries: [Entry]) -> Saga {
    func entry(_ event: String) -> Entry? { entries.first { $0.event == event } }
    let failure = entry("SagaFailed"), stillOwed = entry("SagaCompensationFailed")
    let isUndone = entry("SagaStepCompensated") != nil || entry("SagaCompensated") != nil
    let isCompleted = entry("SagaCompleted") != nil
    let done = entries.filter { $0.event == "SagaStepCompleted" }.compactMap(\.step)
    var steps: [String: Step] = [:]
    for step in ["payment_processing", "order_confirmation"] {
      steps[step] = Step(status: done.contains(step) || isCompleted ? "completed" : "open")
    }
    if let failure, let step = failure.step { steps[step] = Step(status: "failed", error: failure.error) }
    if isUndone { steps["order_cancelled"] = Step(status: "compensated") }
    if let stillOwed { steps["order_cancelled"] = Step(status: "compensationFailed", error: stillOwed.error) }
    let status =
      entry("SagaCompensated") != nil
      ? "compensated"
      : isCompleted
        ? "completed" : stillOwed != nil ? "failed" : failure != nil || isUndone ? "compensating" : "running"
    return Saga(status: status, steps: steps)
  }
}

extension SnapshotDocument {
  /// An item in the words of the nest's ledger.
  static func saga(_ item: [String: Any]) -> NestLedger.Saga {
    var steps: [String: NestLedger.Step] = [:]
    for step in item["steps"] as? [[String: Any]] ?? [] {
      let status = step["status"] as? String ?? ""
      steps[step["name"] as? String ?? ""] = NestLedger.Step(
        status: status == "running" || status == "pending" ? "open" : status, error: step["error"] as? String)
    }
    return NestLedger.Saga(status: item["status"] as? String ?? "", steps: steps)
  }

  /// When the item's first event happened, in milliseconds since 1970.
  static func startedAt(_ item: [String: Any]) -> Double? { milliseconds(item["startedAt"]) }
}
