import Foundation
import Testing

/// Compares a snapshot with the demo shop's ledger.
enum ShopLedger {
  /// Runs the demo with a snapshot and compares every saga with the ledger.
  static func compare(
    _ options: [String], command: [String] = [Binaries.sagatop, "snapshot", "-o", "json", "--timeout", "20s"],
    atLeast: Int
  ) throws -> SnapshotDocument {
    let ledgerFile = FileManager.default.temporaryDirectory.appendingPathComponent("ledger-\(UUID().uuidString).jsonl")
    defer { try? FileManager.default.removeItem(at: ledgerFile) }
    let run = try Run.demo(
      ["--seed", "7", "--broker", "noida", "--ledger", ledgerFile.path] + options
        + ["--"] + command)
    #expect(run.code == 0, "\(run.errors)")
    let snapshot = try SnapshotDocument(run.output)
    let ledger = try Ledger(file: ledgerFile)
    #expect(snapshot.isComplete)
    #expect(snapshot.items.count >= atLeast)
    let wrong = differences(snapshot, ledger)
    #expect(wrong.isEmpty, "\(wrong.count) of \(snapshot.items.count): \(wrong.prefix(3))")
    let early = ledger.orders.filter { ($0.value.first?.time ?? .infinity) < snapshot.takenAt - 2000 }
    let seen = Set(snapshot.items.compactMap { $0["id"] as? String })
    #expect(early.keys.allSatisfy(seen.contains), "orders that the snapshot does not have")
    return snapshot
  }

  /// Orders of the snapshot that differ from the ledger.
  static func differences(_ snapshot: SnapshotDocument, _ ledger: Ledger) -> [String] {
    snapshot.items.compactMap { item in
      let id = item["id"] as? String ?? ""
      let entries = ledger.orders[id] ?? []
      if explains(entries, item, settledBefore: snapshot.takenAt - 4000) { return nil }
      return "\(id): \(SnapshotDocument.order(item)) but the ledger has \(entries)"
    }
  }

  /// Older events must be in the snapshot. Recent ones may be missing in any combination, because topics are read concurrently.
  private static func explains(_ entries: [Ledger.Entry], _ item: [String: Any], settledBefore: Double) -> Bool {
    let settled = entries.filter { $0.time < settledBefore }
    let recent = entries.filter { $0.time >= settledBefore }.prefix(10)
    let seen = SnapshotDocument.order(item)
    return (0..<(1 << recent.count)).contains { chosen in
      let part = recent.enumerated().filter { chosen & (1 << $0.offset) != 0 }.map(\.element)
      return Ledger.order(after: settled + part) == seen
    }
  }
}
