import Foundation
import Testing

@Suite("A snapshot of the nest agrees with the nest's ledger", .serialized)
struct NestLedgerTests {
  /// Runs the nest until its last order ends and compares every saga with the ledger.
  private func compare(orders: Int, _ options: [String]) throws -> (SnapshotDocument, NestLedger) {
    let file = FileManager.default.temporaryDirectory.appendingPathComponent("ledger-\(UUID().uuidString).jsonl")
    defer { try? FileManager.default.removeItem(at: file) }
    let run = try Run.demo(
      ["--style", "nest", "--seed", "7", "--broker", "noida", "--orders", "\(orders)", "--ledger", file.path] + options
        + ["--", Binaries.sagatop, "snapshot", "-o", "json", "--timeout", "30s"])
    #expect(run.code == 0, "\(run.errors)")
    let snapshot = try SnapshotDocument(run.output)
    let ledger = try NestLedger(file: file)
    #expect(snapshot.isComplete)
    #expect(snapshot.sagas["undecoded"] as? Int == 0)
    #expect(snapshot.items.count == ledger.entries.count && ledger.entries.count == orders)
    let wrong = snapshot.items.compactMap { Self.fault(in: $0, ledger) }
    #expect(wrong.isEmpty, "\(wrong.count) of \(snapshot.items.count): \(wrong.prefix(3))")
    return (snapshot, ledger)
  }

  private static func fault(in item: [String: Any], _ ledger: NestLedger) -> String? {
    let id = item["id"] as? String ?? ""
    guard let order = ledger.orders[id], let entries = ledger.entries[order] else { return "\(id) never was" }
    guard ledger.sagaIds[order] == id else { return "\(id) is not the saga's own id \(ledger.sagaIds[order] ?? "")" }
    let (seen, expected) = (SnapshotDocument.saga(item), NestLedger.saga(after: entries))
    return seen == expected ? nil : "\(id): \(seen), but the ledger makes it \(expected): \(entries.map(\.event))"
  }

  @Test(
    "every one of more than 500 sagas, each on a separate topic, with duplicates and late events, in every end state"
  )
  func manySagas() throws {
    let (snapshot, ledger) = try compare(
      orders: 520, ["--rate", "60", "--lead", "18", "--fault", "duplicates", "--fault", "reorder"])
    let business = Dictionary(grouping: ledger.entries.values, by: NestLedger.business).mapValues(\.count)
    for word in ["confirmed", "declined", "undone", "stranded"] { #expect((business[word] ?? 0) > 0, "\(word)") }
    #expect(snapshot.counts["completed"] == business["confirmed"])
    #expect(snapshot.counts["compensated"] == (business["declined"] ?? 0) + (business["undone"] ?? 0))
    #expect(snapshot.counts["failed"] == business["stranded"])
    #expect((snapshot.sources.first?["topics"] as? Int ?? 0) > 500)
  }

  @Test("with a lost node and a hanging payment service: unhandled sagas are running and wait for the confirmation")
  func abandoned() throws {
    let (snapshot, _) = try compare(
      orders: 100, ["--rate", "10", "--lead", "16", "--fault", "node-lost@3", "--fault", "payment-down@5"])
    let running = snapshot.items.filter { $0["status"] as? String == "running" }
    #expect(running.count > 20)
    #expect(running.contains { $0["step"] as? String == "order_confirmation" })
  }

  @Test("each node has its share of the sagas, although no saga event contains a node")
  func nodes() throws {
    let (snapshot, _) = try compare(orders: 60, ["--rate", "30", "--lead", "8"])
    let nodes = snapshot.root["nodes"] as? [[String: Any]] ?? []
    #expect(nodes.compactMap { $0["node"] as? String }.sorted() == ["node-1", "node-2", "node-3"])
    #expect(nodes.compactMap { $0["sagas"] as? Int }.reduce(0, +) == 60)
    #expect(nodes.allSatisfy { ($0["share"] as? Double).map { abs($0 - 1.0 / 3) < 0.05 } ?? false }, "\(nodes)")
  }
}
