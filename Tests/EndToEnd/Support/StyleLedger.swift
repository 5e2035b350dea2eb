import Foundation

/// The demo's record per saga in any style, and its comparison with a snapshot.
struct StyleLedger {
  struct Entry {
    var time: Double
    var event: String
    var step: String?
    var effect: String
    var status: String?
    var error: String?
    /// State of the business process after the entry.
    var business: String?
    var round = 1
  }

  /// A saga's state as far as the ledger determines it: it does not distinguish pending from running steps.
  struct Saga: Equatable {
    var status: String
    var error: String?
    var steps: [String: String]
    var stepErrors: [String: String]
  }

  private(set) var sagas: [String: [Entry]] = [:]

  /// Saga ids by all their alternative ids.
  private(set) var aliases: [String: String] = [:]

  /// `ids` are the members with ids of the saga. Lines without the first one are ignored.
  init(file: URL, ids: [String]) throws {
    for line in try String(contentsOf: file, encoding: .utf8).split(separator: "\n") {
      guard let object = try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any],
        let saga = ids.first.flatMap({ object[$0] as? String }), object["duplicate"] as? Bool != true
      else { continue }
      for id in ids { aliases[object[id] as? String ?? saga] = saga }
      sagas[saga, default: []].append(
        Entry(
          time: object["time"] as? Double ?? 0, event: object["event"] as? String ?? "",
          step: object["step"] as? String, effect: object["effect"] as? String ?? "",
          status: object["status"] as? String, error: object["error"] as? String,
          business: object["business"] as? String, round: object["round"] as? Int ?? 1))
    }
  }

  /// Runs the demo in a style with a snapshot. Returns the snapshot and the ledger.
  static func run(
    style: String, _ options: [String], snapshot: [String] = [], ids: [String]
  ) throws -> (SnapshotDocument, StyleLedger) {
    let file = FileManager.default.temporaryDirectory.appendingPathComponent("ledger-\(UUID().uuidString).jsonl")
    defer { try? FileManager.default.removeItem(at: file) }
    let run = try Run.demo(
      ["--style", style, "--seed", "7", "--ledger", file.path] + options + ["--", Binaries.sagatop, "snapshot"]
        + snapshot + ["-o", "json", "--timeout", "30s"])
    guard run.code == 0 else { throw NeverHappened(what: "the snapshot is whole: \(run.errors)") }
    return (try SnapshotDocument(run.output), try StyleLedger(file: file, ids: ids))
  }

  /// One sentence per difference. Older events must be in the snapshot; recent ones may be missing in any combination.
  func faults(
    of snapshot: SnapshotDocument, slack: Double = 3000, state: ([Entry]) -> Saga
  ) -> [String] {
    let settled = snapshot.takenAt - slack
    var wrong: [String] = []
    for item in snapshot.items {
      let id = item["id"] as? String ?? ""
      let entries = (aliases[id].flatMap { sagas[$0] } ?? []).sorted { $0.time < $1.time }
      let old = entries.filter { $0.time < settled }
      let recent = entries.filter { $0.time >= settled }.prefix(12)
      let seen = Self.saga(item)
      let isExplained = (0..<(1 << recent.count)).contains { chosen in
        let part = recent.enumerated().filter { chosen & (1 << $0.offset) != 0 }.map(\.element)
        return !(old + part).isEmpty && state(old + part) == seen
      }
      if !isExplained { wrong.append("\(id): \(seen), but the ledger has \(entries)") }
    }
    let known = Set(snapshot.items.compactMap { ($0["id"] as? String).flatMap { aliases[$0] } })
    let missing = sagas.filter { ($0.value.first?.time ?? .infinity) < settled && !known.contains($0.key) }
    return wrong + missing.keys.map { "\($0) is not in the snapshot" }
  }

  private static func saga(_ item: [String: Any]) -> Saga {
    var saga = Saga(
      status: item["status"] as? String ?? "", error: item["error"] as? String, steps: [:], stepErrors: [:])
    for step in item["steps"] as? [[String: Any]] ?? [] {
      let (name, status) = (step["name"] as? String ?? "", step["status"] as? String ?? "")
      saga.steps[name] = ["running", "pending", "skipped"].contains(status) ? "open" : status
      saga.stepErrors[name] = step["error"] as? String
    }
    return saga
  }
}
