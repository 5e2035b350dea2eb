import Foundation
import Testing

@Suite("Actions on the live screen", .serialized)
struct ActionsTests {
  /// Contains the audit log and the demo's ledger.
  private final class Folder {
    let url = FileManager.default.temporaryDirectory.appendingPathComponent("sagatop-actions-\(UUID().uuidString)")
    var ledger: URL { url.appendingPathComponent("ledger.jsonl") }

    init() throws { try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true) }

    deinit { try? FileManager.default.removeItem(at: url) }

    /// All lines of all files in sagatop's state folder.
    var audit: [[String: Any]] {
      get throws {
        let files = FileManager.default.enumerator(
          at: url.appendingPathComponent("sagatop"), includingPropertiesForKeys: nil)
        return try (files?.allObjects as? [URL] ?? []).filter { !$0.hasDirectoryPath }.flatMap(Self.objects)
      }
    }

    /// The demo's ledger entries of an order.
    func told(of order: String) throws -> [[String: Any]] {
      try Self.objects(in: ledger).filter { ($0["orderId"] as? Int).map { "\($0)" } == order }
    }

    private static func objects(in file: URL) throws -> [[String: Any]] {
      try String(contentsOf: file, encoding: .utf8).split(separator: "\n").compactMap {
        try? JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any]
      }
    }
  }

  private func shop(_ folder: Folder, _ options: String = "", sagatop: String = "") throws -> Tmux {
    try Tmux(
      "'\(Binaries.demo)' --seed 7 --rate 6 --fault payment-flaky --ledger '\(folder.ledger.path)' \(options) "
        + "-- '\(Binaries.sagatop)' \(sagatop)", columns: 120, rows: 40,
      environment: ["XDG_STATE_HOME": folder.url.path])
  }

  private func filter(_ text: String, _ screen: Tmux) throws {
    try screen.type("/")
    try screen.press("C-u")
    try screen.type("\(text)\n")
    try screen.wait(for: "filter: \(text)")
  }

  /// The saga's id in the dialog.
  private func idInDialog(_ text: String) throws -> String {
    let line = try #require(text.split(separator: "\n").first { $0.contains("│ saga ") })
    return String(try #require(line.split(whereSeparator: { !$0.isNumber }).first))
  }

  @Test("a stuck saga is retried and completes, a running one is compensated; the audit log contains both")
  func retryAndCompensate() throws {
    let folder = try Folder()
    let screen = try shop(folder)
    try screen.wait(for: "TIMELINE")
    try filter("status:running age>4s", screen)
    try screen.wait(for: "payment╸", within: 60)
    let undone = try act("C", "compensate", screen)
    try screen.press("Enter")
    try filter("id:\(undone)", screen)
    try screen.wait(for: "↩ compensated")
    try screen.press("Enter")
    try screen.wait(
      until: { $0.contains("compensate by ") && $0.contains("✔ observed in") && $0.contains("order-cancelled") },
      "its page tells the action")
    try screen.press("Escape")
    try screen.wait(for: "TIMELINE")

    try filter("status:stuck", screen)
    try screen.wait(forRow: "▲ stuck ", " payment ", within: 60)
    let retried = try act("R", "retry", screen)
    try screen.press("Enter")
    try filter("id:\(retried)", screen)
    try screen.wait(for: "✔ completed")
    try screen.press("Enter")
    try screen.wait(until: { $0.contains("retry by ") && $0.contains("✔ observed in") }, "its page tells the action")
    try screen.type("9")
    try screen.wait(
      until: { text in
        ["retry", "compensate"].allSatisfy { action in
          text.split(separator: "\n").contains { $0.contains(action) && $0.contains("✔ observed in") }
        }
      }, "the view of actions has both")
    try screen.type("q")
    #expect(try screen.exitCode() == 0)

    let effects = try [undone, retried].map { try folder.told(of: $0).compactMap { $0["effect"] as? String } }
    #expect(effects[0].filter { $0 == "compensated" }.count == 2)
    #expect(effects[1].filter { $0 == "attempted" }.count == 2)
    #expect(try folder.told(of: retried).filter { $0["event"] as? String == "payment-completed" }.count == 1)
    let keys = try folder.told(of: retried).compactMap { $0["key"] as? String }
    #expect(!keys.isEmpty && Set(keys).count == 1)
    let replayed = try actions(folder)
    for (id, action) in [(undone, "compensate"), (retried, "retry")] {
      let mine = replayed.filter { $0["subject"] as? String == id }
      #expect(mine.map { $0["action"] as? String } == [action])
      #expect(mine.map { $0["outcome"] as? String } == ["observed"])
      #expect(keys.contains(mine.first?["idempotencyKey"] as? String ?? "") == (id == retried))
    }
  }

  /// The audit log according to `sagatop actions`.
  private func actions(_ folder: Folder) throws -> [[String: Any]] {
    let run = try Run.sagatop(["actions", "-o", "json"], environment: ["XDG_STATE_HOME": folder.url.path])
    #expect(run.code == 0, "\(run.errors)")
    return try SnapshotDocument(run.output).root["actions"] as? [[String: Any]] ?? []
  }

  @Test("a lock without a TTL is evicted, and its waiters continue")
  func evicted() throws {
    let folder = try Folder()
    let screen = try shop(folder, "--fault lock-leak@1")
    try screen.wait(for: "TIMELINE")
    try screen.type("5")
    try screen.wait(for: "✖ immortal")
    try screen.type("E")
    let dialog = try screen.wait(for: "release it? y/N")
    #expect(dialog.contains("if it is still held by "))
    try screen.type("y")
    try screen.wait(for: "✔ observed in ")
    try screen.press("Enter")
    try screen.wait(until: { !$0.contains("immortal") }, "the lock is free")
    try screen.type("q")
    #expect(try screen.exitCode() == 0)
    #expect(try actions(folder).map { $0["outcome"] as? String } == ["observed"])
  }

  /// Presses the letter, answers `y`, and waits until the effect is observed. Returns the saga's id.
  private func act(_ letter: String, _ name: String, _ screen: Tmux) throws -> String {
    try screen.type(letter)
    let dialog = try screen.wait(for: "\(name) it? y/N")
    #expect(dialog.contains("\(name) 1 saga in demo"))
    #expect(dialog.contains("▶[ Cancel ]"))
    try screen.type("y")
    try screen.wait(for: "✔ observed in ")
    return try idInDialog(dialog)
  }

  @Test("in read-only mode actions are greyed out, show the reason, and send nothing")
  func readOnly() throws {
    let folder = try Folder()
    let screen = try shop(folder, "--fault lock-leak@0", sagatop: "--read-only")
    try screen.wait(for: "completed")
    try screen.wait(for: "(R retry)")
    for (keys, name) in [
      ("R", "retry"), ("C", "compensate"), ("X", "give up"), ("3D", "redrive"), (":replay\n", "replay"),
    ] {
      try screen.type(keys)
      try screen.wait(for: "\(name): read-only")
    }
    try screen.type("5")
    try screen.wait(for: "✖ immortal")
    try screen.type("E")
    try screen.wait(for: "release lock: read-only")
    try screen.type("q")
    #expect(try screen.exitCode() == 0)
    #expect(try folder.audit.isEmpty)
  }

  @Test("pasted text triggers no key: neither the action nor the confirmation")
  func pasted() throws {
    let folder = try Folder()
    let screen = try shop(folder)
    try screen.wait(for: "completed")
    try screen.paste("Ry\nCy\n")
    try screen.wait(for: "pasted text is not taken for keys")
    try screen.type("q")
    #expect(try screen.exitCode() == 0)
    #expect(try folder.audit.isEmpty)
  }
}
