import Foundation
import Testing

@Suite("A snapshot of the lab agrees with the lab's ledger", .serialized)
struct LabLedgerTests {
  static let steps = ["validate_user", "create_order", "process_payment"]

  /// The expected state of a saga, computed from the ledger without sagatop.
  static func saga(after entries: [StyleLedger.Entry]) -> StyleLedger.Saga {
    let effects = Set(entries.map(\.effect))
    let failure = entries.first { $0.effect == "failed" } ?? entries.first { $0.effect == "compensationFailed" }
    let isUndoing = effects.contains("failed") || effects.contains("compensated")
    let ended = entries.first { $0.effect == "ended" }?.status
    let status = ended ?? (effects.contains("compensationFailed") ? "failed" : isUndoing ? "compensating" : "running")
    var saga = StyleLedger.Saga(status: status, error: failure?.error, steps: [:], stepErrors: [:])
    for step in steps {
      let mine = entries.filter { $0.step == step }
      let last = mine.last.map { $0.effect } ?? "open"
      // The end reported by the orchestrator is final: after it, no step is left to compensate.
      saga.steps[step] = last == "completed" && ["compensating", "failed"].contains(status) ? "compensating" : last
      saga.stepErrors[step] = mine.first { $0.effect == "failed" || $0.effect == "compensationFailed" }?.error
    }
    return saga
  }

  private func compare(_ options: [String], _ snapshot: [String]) throws -> SnapshotDocument {
    let (document, ledger) = try StyleLedger.run(style: "lab", options, snapshot: snapshot, ids: ["sagaId", "pod"])
    let wrong = ledger.faults(of: document, state: Self.saga)
    #expect(wrong.isEmpty, "\(wrong.count) of \(document.items.count): \(wrong.prefix(3))")
    #expect(document.isComplete && document.items.count >= 500)
    for status in ["completed", "compensated", "failed"] { #expect((document.counts[status] ?? 0) > 0, "\(status)") }
    return document
  }

  @Test("every one of more than 500 sagas, from documents, with repeated and late events")
  func documents() throws {
    let document = try compare(
      ["--rate", "60", "--lead", "10", "--fault", "duplicates", "--fault", "reorder"], [])
    let services = document.root["services"] as? [[String: Any]] ?? []
    #expect(services.contains { $0["name"] as? String == "projections" && $0["verdict"] as? String == "up" })
  }

  @Test("the same sagas from the output of their jobs")
  func jobs() throws {
    let document = try compare(["--rate", "60", "--lead", "10"], ["--context", "native"])
    #expect(document.sources.contains { $0["name"] as? String == "command event-processor" })
  }

  @Test("an unavailable payment service fails sagas with its error, and is down")
  func faults() throws {
    let (document, _) = try StyleLedger.run(
      style: "lab", ["--rate", "20", "--lead", "6", "--fault", "payment-down"],
      ids: ["sagaId"])
    let failed = document.items.filter { ($0["error"] as? String)?.contains("connection refused") ?? false }
    #expect(failed.count > 50)
    let services = document.root["services"] as? [[String: Any]] ?? []
    #expect(services.contains { $0["name"] as? String == "payment-service" && $0["verdict"] as? String == "down" })
  }
}
