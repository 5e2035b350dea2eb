import Foundation
import Testing

@Suite("A snapshot of the nest tells what the nest did", .serialized)
struct NestLedgerTests {
  /// How long before the snapshot an event must have happened to be in it for sure: it may be published 1.5 s late, and a new topic is
  /// found within 5 s.
  private static let settling = 6500.0

  /// Runs the nest with a snapshot in it, and holds every saga against the ledger.
  private func compare(_ options: [String], settled least: Int) throws -> SnapshotDocument {
    let file = FileManager.default.temporaryDirectory.appendingPathComponent("ledger-\(UUID().uuidString).jsonl")
    defer { try? FileManager.default.removeItem(at: file) }
    let run = try Run.demo(
      ["--style", "nest", "--seed", "7", "--broker", "noida", "--ledger", file.path] + options
        + ["--", Binaries.sagatop, "snapshot", "-o", "json", "--timeout", "30s"])
    #expect(run.code == 0, "\(run.errors)")
    let snapshot = try SnapshotDocument(run.output)
    let ledger = try NestLedger(file: file)
    #expect(snapshot.isComplete)
    #expect(snapshot.sagas["undecoded"] as? Int == 0)
    let settledBefore = snapshot.takenAt - Self.settling
    let wrong = snapshot.items.compactMap { Self.fault(in: $0, ledger, settledBefore: settledBefore) }
    #expect(wrong.isEmpty, "\(wrong.count) of \(snapshot.items.count): \(wrong.prefix(3))")
    let settled = ledger.entries.filter { ($0.value.map(\.time).min() ?? .infinity) < settledBefore - 1000 }
    let seen = Set(snapshot.items.compactMap { $0["id"] as? String })
    let lost = settled.keys.filter { ledger.sagaIds[$0].map(seen.contains) != true }
    #expect(lost.isEmpty, "\(lost.count) sagas that the snapshot does not have under their own id")
    #expect(settled.count >= least)
    return snapshot
  }

  /// What happened well before the snapshot must be in it; of the last moments any part may be, for thousands of topics are read side by side.
  private static func fault(in item: [String: Any], _ ledger: NestLedger, settledBefore: Double) -> String? {
    let id = item["id"] as? String ?? ""
    guard let order = ledger.orders[id], let entries = ledger.entries[order] else { return "\(id) never was" }
    if let startedAt = SnapshotDocument.startedAt(item), startedAt < settledBefore, ledger.sagaIds[order] != id {
      return "\(id) is only a part of the saga \(ledger.sagaIds[order] ?? "")"
    }
    let settled = entries.filter { $0.time < settledBefore }
    let recent = entries.filter { $0.time >= settledBefore }
    let seen = SnapshotDocument.saga(item)
    let isExplained = (0..<(1 << min(recent.count, 12))).contains { chosen in
      let part = recent.enumerated().filter { chosen & (1 << $0.offset) != 0 }.map(\.element)
      return NestLedger.saga(after: settled + part) == seen
    }
    return isExplained ? nil : "\(id): \(seen) but the ledger has \(entries)"
  }

  @Test("saga by saga over more than 500 settled sagas, each on a topic of its own, with duplicates and late events")
  func manySagas() throws {
    let snapshot = try compare(
      ["--rate", "60", "--lead", "18", "--fault", "duplicates", "--fault", "reorder"], settled: 500)
    for status in ["completed", "compensated", "failed"] { #expect((snapshot.counts[status] ?? 0) > 0, "\(status)") }
    #expect((snapshot.sources.first?["topics"] as? Int ?? 0) > 500)
  }

  @Test("with a node that is lost and a payment that does not answer: what nobody goes on with still runs")
  func abandoned() throws {
    let snapshot = try compare(
      ["--rate", "10", "--lead", "14", "--fault", "node-lost@3", "--fault", "payment-down@5"], settled: 50)
    #expect((snapshot.counts["running"] ?? 0) > 20)
  }
}
