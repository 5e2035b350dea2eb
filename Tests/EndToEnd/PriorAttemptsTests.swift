import Foundation
import Testing

@Suite("Compensations, failures and nodes agree with the demo's ledger", .serialized)
struct PriorAttemptsTests {
  private static let orders = 1000

  /// Takes snapshots until no order is active, up to twenty times.
  private static let script = """
    for attempt in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
      "$0" snapshot --timeout 20s -o json --sections sagas,compensations,failures,nodes > "$1" || exit $?
      grep -Eq '"(running|compensating)": [1-9]' "$1" || break
      sleep 2
    done
    """

  /// Runs the demo until it has ended a fixed number of orders.
  private static func run() throws -> (snapshot: SnapshotDocument, ledger: Ledger) {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("history-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let (file, output) = (folder.appendingPathComponent("ledger"), folder.appendingPathComponent("snapshot"))
    let run = try Run.demo([
      "--seed", "7", "--broker", "noida", "--orders", "\(orders)", "--rate", "120", "--lead", "11", "--ledger",
      file.path, "--fault", "stock-out@3", "--fault", "duplicates", "--fault", "reorder", "--", "/bin/sh", "-c", script,
      Binaries.sagatop, output.path,
    ])
    #expect(run.code == 0, "\(run.errors)")
    return (try SnapshotDocument(try String(contentsOf: output, encoding: .utf8)), try Ledger(file: file))
  }

  @Test("over 1,000 sagas, individually and in total")
  func ledger() throws {
    let (snapshot, ledger) = try Self.run()
    #expect(snapshot.isComplete)
    #expect(ledger.orders.count == Self.orders)
    #expect((snapshot.counts["running"] ?? 0) + (snapshot.counts["compensating"] ?? 0) == 0, "some order has not ended")
    let rolledBack = ledger.orders.filter { Ledger.order(after: $0.value).status == "compensated" }
    #expect(rolledBack.count > 50)
    Self.expectRollBacks(snapshot, rolledBack)
    Self.expectSums(snapshot, rolledBack)
    Self.expectFailures(snapshot, rolledBack)
    Self.expectNodes(snapshot, ledger)
  }

  private static func expectRollBacks(_ snapshot: SnapshotDocument, _ expected: [String: [Ledger.Entry]]) {
    #expect(Set(snapshot.compensations.compactMap { $0["saga"] as? String }) == Set(expected.keys))
    #expect(snapshot.compensations.count == expected.count)
    for item in snapshot.compensations {
      let entries = (expected[item["saga"] as? String ?? ""] ?? []).sorted { $0.time < $1.time }
      guard let failure = entries.first(where: { $0.effect == "failed" }) else { continue }
      let undone = entries.filter { $0.effect == "compensated" }
      #expect(item["failedStep"] as? String == failure.step)
      #expect(item["error"] as? String == failure.error)
      #expect(item["node"] as? String == failure.node)
      #expect(item["outcome"] as? String == "compensated")
      #expect(item["trigger"] as? String == "automatic")
      let steps = item["undone"] as? [[String: Any]] ?? []
      #expect(Set(steps.compactMap { $0["step"] as? String }) == Set(undone.map(\.step)))
      #expect(Set(steps.compactMap { $0["node"] as? String }) == Set(undone.map(\.node)))
      let first = min(failure.time, undone.first?.time ?? failure.time)
      let took = (undone.last?.time ?? 0) - first
      #expect(abs((item["durationMs"] as? Double ?? -1) - took) <= 1, "\(item) against \(entries)")
    }
  }

  private static func expectSums(_ snapshot: SnapshotDocument, _ expected: [String: [Ledger.Entry]]) {
    let sums = snapshot.root["compensationSums"] as? [String: Any] ?? [:]
    #expect(sums["compensated"] as? Int == expected.count)
    #expect(sums["backlog"] as? Int == 0)
    let causes = Dictionary(grouping: expected.values) { entries in
      entries.first { $0.effect == "failed" }?.step ?? ""
    }.mapValues(\.count)
    let found = (sums["causes"] as? [[String: Any]] ?? []).map { cause in
      (cause["step"] as? String ?? "", cause["count"] as? Int ?? 0)
    }
    #expect(Dictionary(uniqueKeysWithValues: found) == causes)
  }

  private static func expectFailures(_ snapshot: SnapshotDocument, _ expected: [String: [Ledger.Entry]]) {
    let failed = expected.values.flatMap { $0 }.filter { $0.effect == "failed" }
    let patterns = snapshot.root["failures"] as? [[String: Any]] ?? []
    #expect(patterns.reduce(0) { $0 + ($1["count"] as? Int ?? 0) } == failed.count)
    #expect(snapshot.root["failuresDropped"] as? Int == 0)
    #expect(Set(patterns.compactMap { $0["step"] as? String }) == Set(failed.map(\.step)))
  }

  private static func expectNodes(_ snapshot: SnapshotDocument, _ ledger: Ledger) {
    let entries = ledger.orders.flatMap { order, entries in entries.map { (order: order, entry: $0) } }
    let nodes = snapshot.root["nodes"] as? [[String: Any]] ?? []
    #expect(Set(nodes.compactMap { $0["node"] as? String }) == Set(entries.map(\.entry.node)))
    #expect(snapshot.root["nodeNaming"] as? String == "events")
    for item in nodes {
      let mine = entries.filter { $0.entry.node == item["node"] as? String && $0.entry.effect != "started" }
      let expected = [
        "sagas": Set(mine.map(\.order)).count, "undone": mine.count { $0.entry.effect == "compensated" },
        "steps": mine.count { ["completed", "failed"].contains($0.entry.effect) },
        "failed": mine.count { $0.entry.effect == "failed" },
      ]
      for (name, count) in expected { #expect(item[name] as? Int == count, "\(item) has other \(name)") }
    }
  }
}
