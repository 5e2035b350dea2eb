import Foundation
import Testing

@Suite("Locks of the demo", .serialized)
struct LocksTests {
  @Test("a leaked lock is immortal in the snapshot, with a correct age and its holder")
  func leaked() throws {
    let start = Date().timeIntervalSince1970 * 1000
    let run = try Run.demo([
      "--seed", "7", "--rate", "20", "--lead", "8", "--fault", "lock-leak@5", "--", Binaries.sagatop, "snapshot", "-o",
      "json", "--sections", "locks,sources", "--timeout", "20s",
    ])
    #expect(run.code == 0, "\(run.errors)")
    let snapshot = try SnapshotDocument(run.output)
    #expect(snapshot.isComplete)
    #expect(snapshot.sources.contains { $0["name"] as? String == "redis" && $0["phase"] as? String == "up" })
    let locks = snapshot.root["locks"] as? [[String: Any]] ?? []
    let leaked = try #require(locks.first)
    #expect(leaked["key"] as? String == "inventory:lock:1")
    #expect(leaked["verdict"] as? String == "immortal")
    #expect(leaked["kind"] as? String == "redisson")
    // Redisson's token consists of a client id and a thread id.
    #expect((leaked["holder"] as? String)?.split(separator: ":").count == 2)
    #expect(leaked["expires"] as? Bool == false && leaked["ttlMs"] is NSNull)
    // Redisson's locks contain no acquisition time, so one snapshot knows only a lower bound of the age.
    #expect(leaked["ageQuality"] as? String == "atLeast")
    let age = try #require(leaked["ageMs"] as? Double)
    #expect(age >= 0 && age <= snapshot.takenAt - start - 5000)
    #expect((leaked["reason"] as? String)?.contains("no time to live") == true)
  }

  @Test("the live screen shows a leaked lock, a growing age, and a page with its history")
  func live() throws {
    let screen = try Tmux(
      "'\(Binaries.demo)' --seed 7 --rate 10 --fault lock-leak@5 -- '\(Binaries.sagatop)'", columns: 120, rows: 30)
    try screen.wait(for: "TIMELINE")
    try screen.type("5")
    try screen.wait(for: "inventory:lock:{productId}")
    try screen.wait(for: "✖ immortal ", within: 30)
    let seen = Date()
    try screen.wait(
      until: { Self.age(in: $0).map { (12...59).contains($0) } ?? false }, "the leaked lock's age goes on")
    let elapsed = Date().timeIntervalSince(seen)
    #expect(elapsed > 5, "older than it can be")
    try screen.press("Enter")
    try screen.wait(for: "history")
    try screen.wait(for: "Redisson")
    try screen.press("Escape")
    try screen.type("q")
    #expect(try screen.exitCode() == 0)
  }

  /// Age of the leaked lock in its row, in whole seconds.
  private static func age(in screen: String) -> Int? {
    let row = screen.split(separator: "\n").first { $0.contains("✖ immortal") && $0.contains("never") }
    let word = row?.split(separator: " ").first { $0.hasPrefix("≥") }
    return word.flatMap { Int($0.dropFirst().prefix { $0.isNumber }) }
  }

  @Test("of a hundred orders for one unit one completes, contention is visible while it lasts, and no lock is left")
  func lastUnit() throws {
    let file = FileManager.default.temporaryDirectory.appendingPathComponent("ledger-\(UUID().uuidString).jsonl")
    defer { try? FileManager.default.removeItem(at: file) }
    let run = try Run.demo([
      "--seed", "7", "--scenario", "last-unit", "--ledger", file.path, "--", "/bin/sh", "-c", Self.watching(file),
    ])
    #expect(run.code == 0, "\(run.errors)")
    let documents = try SnapshotDocument.all(in: run.output)
    let seen = documents.flatMap { $0.root["locks"] as? [[String: Any]] ?? [] }
    let contended = seen.filter { $0["verdict"] as? String == "contended" }
    #expect(!contended.isEmpty, "\(documents.count) snapshots")
    #expect(contended.allSatisfy { $0["key"] as? String == "inventory:lock:6" && $0["waiters"] as? Int ?? 0 > 0 })
    let end = try #require(documents.last)
    #expect(end.isComplete && (end.root["locks"] as? [Any])?.isEmpty == true)
    #expect((end.root["lockPatterns"] as? [[String: Any]] ?? []).map { $0["held"] as? Int } == [0])
    #expect(end.counts["completed"] == 1 && end.counts["compensated"] == 99)
    #expect(end.items.count { $0["failedStep"] as? String == "inventory" } == 99)
    let orders = try Ledger(file: file).orders.mapValues(Ledger.order)
    let told = Dictionary(
      uniqueKeysWithValues: end.items.map { ($0["id"] as? String ?? "", SnapshotDocument.order($0)) })
    #expect(orders.count == 100 && told == orders)
  }

  @Test("the live screen shows waiters while a hundred orders compete for one unit, and the contention afterwards")
  func lastUnitLive() throws {
    let screen = try Tmux(
      "'\(Binaries.demo)' --seed 7 --scenario last-unit -- '\(Binaries.sagatop)'", columns: 120, rows: 30)
    try screen.wait(for: "TIMELINE")
    try screen.type("5")
    try screen.wait(for: "1 lock   ▲ contended 1")
    try screen.wait(for: " clients wait")
    let after = try screen.wait(for: "no lock is held")
    let sums = after.split(separator: "\n").first { $0.contains("inventory:lock:{productId}") }
    #expect(sums?.contains(" %") == true, "what share of the holdings somebody waited for: \(after)")
    try screen.type("q")
    #expect(try screen.exitCode() == 0)
  }

  /// Takes snapshots of the locks until the ledger has the end of every order or time is up, then a full snapshot.
  private static func watching(_ ledger: URL) -> String {
    let snapshot = "'\(Binaries.sagatop)' snapshot -o json"
    let ended = "$(grep -cE '\"(delivery-completed|order-cancelled)\"' '\(ledger.path)')"
    return """
      end=$(($(date +%s) + 60))
      while [ \(ended) -lt 100 ] && [ $(date +%s) -lt $end ]; do \(snapshot) --sections locks || exit; done
      \(snapshot) --timeout 20s
      """
  }
}
