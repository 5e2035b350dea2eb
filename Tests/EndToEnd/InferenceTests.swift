import Foundation
import Testing

@Suite("Without a preset, inferred sagas agree with the demo's ledger", .serialized)
struct InferenceTests {
  /// A demo run with two snapshots: one without a description, and one with the unmodified output of `init`.
  private struct Outcome {
    /// `nil` for a system without Kafka. There only `init` infers.
    var inferred: SnapshotDocument?
    var configured: SnapshotDocument
    var errors: String
  }

  /// An event of the ledger and its time in milliseconds.
  private struct Entry<Event> {
    var time: Double
    var event: Event
  }

  private func run<Ledger>(
    _ style: String, _ options: [String], documents: [String] = [], _ ledger: (URL) throws -> Ledger
  ) throws -> (Outcome, Ledger) {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("sagatop-infer-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    func file(_ name: String) -> URL { folder.appendingPathComponent(name) }
    let sagatop = Binaries.sagatop
    let isKafka = documents.isEmpty
    let inference = "\(sagatop) snapshot --preset none -o json --timeout 60s --to \(file("inferred").path)"
    let named = documents.map { " --document \($0)" }.joined()
    let script = """
      \(isKafka ? inference : "true") &&
      { \(sagatop) init\(named) --timeout 30s --to \(file("system.yaml").path); test $? -le 1; } &&
      \(sagatop) snapshot --config \(file("system.yaml").path) -o json --timeout 30s --to \(file("configured").path)
      """
    let run = try Run.demo(
      ["--style", style, "--seed", "7", "--ledger", file("ledger").path] + (isKafka ? ["--broker", "noida"] : [])
        + options
        + ["--", "/bin/sh", "-c", script])
    guard run.code == 0 else { throw NeverHappened(what: "all three commands end well: \(run.errors)") }
    func document(_ name: String) throws -> SnapshotDocument {
      try SnapshotDocument(String(contentsOf: file(name), encoding: .utf8))
    }
    let outcome = Outcome(
      inferred: isKafka ? try document("inferred") : nil, configured: try document("configured"), errors: run.errors)
    return (outcome, try ledger(file("ledger")))
  }

  /// Sagas whose status does not follow from the ledger, and missing sagas. Events older than `settling` must be in the snapshot; newer
  /// ones may be missing in any combination.
  private func faults<Event>(
    of snapshot: SnapshotDocument, settling: Double, _ ledger: [String: [Entry<Event>]], name: (String) -> String?,
    status: ([Event]) -> String
  ) -> [String] {
    let settled = snapshot.takenAt - settling
    var seen: Set<String> = []
    var wrong: [String] = []
    for item in snapshot.items {
      let id = item["id"] as? String ?? ""
      guard let saga = name(id), let entries = ledger[saga] else {
        wrong.append("\(id) never was")
        continue
      }
      let isEarly = entries.contains { $0.time < settled }
      if !seen.insert(saga).inserted, isEarly { wrong.append("\(saga) is there twice") }
      let old = entries.filter { $0.time < settled }.map(\.event)
      let recent = entries.filter { $0.time >= settled }.prefix(12).map(\.event)
      let isExplained = (0..<(1 << recent.count)).contains { chosen in
        let part = recent.enumerated().filter { chosen & (1 << $0.offset) != 0 }.map(\.element)
        return status(old + part) == item["status"] as? String
      }
      if !isExplained { wrong.append("\(id): \(item["status"] ?? ""), but the ledger has \(old + recent)") }
    }
    let early = ledger.filter { ($0.value.map(\.time).min() ?? .infinity) < settled }
    #expect(early.count >= 200)
    return wrong + early.keys.filter { !seen.contains($0) }.map { "\($0) is not in the snapshot" }
  }

  /// Checks that both snapshots have the ledger's sagas.
  private func compare<Event>(
    _ outcome: Outcome, settling: Double, _ ledger: [String: [Entry<Event>]], name: (String) -> String?,
    statuses: [String], status: ([Event]) -> String
  ) {
    let documents = [outcome.inferred.map { ($0, true) }, (outcome.configured, false)].compactMap { $0 }
    for (document, isInferred) in documents {
      let wrong = faults(of: document, settling: settling, ledger, name: name, status: status)
      #expect(wrong.isEmpty, "inferred: \(isInferred), \(wrong.count) of \(document.items.count): \(wrong.prefix(3))")
      #expect(document.isComplete && document.root["inferred"] as? Bool == isInferred)
      for status in statuses { #expect((document.counts[status] ?? 0) > 0, "\(status)") }
    }
    #expect(outcome.errors.contains("sagatop: inferred from "), "\(outcome.errors)")
  }

  @Test("orders of a choreographed shop, with sold-out stock, duplicates and late events")
  func shop() throws {
    let (outcome, ledger) = try run(
      "shop",
      ["--rate", "40", "--lead", "10", "--fault", "stock-out@5", "--fault", "duplicates", "--fault", "reorder"],
      { try Ledger(file: $0) })
    compare(
      outcome, settling: 4000, ledger.orders.mapValues { $0.map { Entry(time: $0.time, event: $0) } }, name: { $0 },
      statuses: ["completed", "compensated", "running"]
    ) { entries in Ledger.order(after: entries).status }
    #expect(outcome.inferred?.items.allSatisfy { $0["type"] as? String == "order" } == true)
    let steps = outcome.configured.items.first?["steps"] as? [[String: Any]] ?? []
    #expect(steps.compactMap { $0["name"] as? String } == Ledger.steps)
  }

  @Test("sagas of an orchestrator over hundreds of topics, with failing compensations")
  func nest() throws {
    let (outcome, ledger) = try run(
      "nest", ["--rate", "30", "--lead", "16", "--fault", "duplicates", "--fault", "reorder"],
      { try NestLedger(file: $0) })
    compare(
      outcome, settling: 9000, ledger.entries.mapValues { $0.map { Entry(time: $0.time, event: $0) } },
      name: { ledger.orders[$0] }, statuses: ["completed", "compensated", "failed"]
    ) { entries in
      // Inference takes the order's status as the end of a declined order. An `OrderCancelled` that is read before this status and before
      // the payment's failure means that the payment must be compensated.
      let declined = Set(entries.filter { $0.business == "declined" }.map(\.event))
      if declined.contains("OrderStatusChanged") { return "compensated" }
      if declined.contains("OrderCancelled"), !entries.contains(where: { $0.error != nil }) { return "compensating" }
      return NestLedger.saga(after: entries).status
    }
  }

  @Test("friend requests of a chat, whose answers have no id, among unrelated messages")
  func chat() throws {
    let (outcome, ledger) = try run(
      "chat", ["--rate", "40", "--lead", "10", "--fault", "duplicates", "--fault", "reorder"],
      { try StyleLedger(file: $0, ids: ["pair", "friendshipId"]) })
    compare(
      outcome, settling: 3000, ledger.sagas.mapValues { $0.map { Entry(time: $0.time, event: $0) } },
      name: { ledger.aliases[$0] }, statuses: ["completed", "compensated", "running"]
    ) { entries in
      // The last round counts. No message shows that a refusal is a normal end.
      let last = entries.max { ($0.round, $0.time) < ($1.round, $1.time) }
      let status = [
        "accepted": "completed", "rejected": "compensated", "cancelled": "compensated", "parked": "failed",
      ]
      return last?.business.flatMap { status[$0] } ?? "running"
    }
  }

  @Test("the screen shows the progress, then the sagas found, and that they are inferred")
  func screen() throws {
    let screen = try Tmux(
      "'\(Binaries.demo)' --seed 7 --rate 20 --lead 3 -- '\(Binaries.sagatop)' --preset none", columns: 120)
    try screen.wait(for: "no sagas found yet")
    let text = try screen.wait(for: "INFERRED")
    #expect(text.contains("live"))
    try screen.wait(for: "completed")
    try screen.wait(for: "delivery")
    try screen.type("q")
    #expect(try screen.exitCode() == 0)
  }

  @Test("for a lab without Kafka whose event store is given to init, the list of events and its paging are found")
  func lab() throws {
    let (outcome, ledger) = try run(
      "lab", ["--rate", "40", "--lead", "10", "--fault", "duplicates", "--fault", "reorder"],
      documents: ["/api/events"], { try StyleLedger(file: $0, ids: ["sagaId", "pod"]) })
    compare(
      outcome, settling: 3000, ledger.sagas.mapValues { $0.map { Entry(time: $0.time, event: $0) } }, name: { $0 },
      statuses: ["completed", "compensated", "failed"]
    ) { entries in LabLedgerTests.saga(after: entries).status }
    let steps = outcome.configured.items.first?["steps"] as? [[String: Any]] ?? []
    #expect(steps.compactMap { $0["name"] as? String } == LabLedgerTests.steps)
  }

  @Test("without Kafka and without a named server, init explains what to do")
  func nothing() throws {
    let run = try Run.demo(["--style", "lab", "--rate", "5", "--lead", "1", "--", Binaries.sagatop, "init"])
    #expect(run.code == 78)
    #expect(run.errors.contains("no brokers are given") && run.errors.contains("--document PATH"))
  }
}
