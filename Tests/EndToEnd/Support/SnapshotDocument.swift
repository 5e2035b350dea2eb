import Foundation

/// The JSON of `sagatop snapshot`, parsed by Foundation instead of the project's own code.
struct SnapshotDocument {
  let root: [String: Any]

  init(_ text: String) throws {
    guard let root = try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any] else {
      throw NeverHappened(what: "the snapshot is a JSON object")
    }
    self.root = root
  }

  /// Documents of several successive snapshots.
  static func all(in text: String) throws -> [SnapshotDocument] {
    try text.components(separatedBy: "\n}\n").filter { $0.contains("{") }.map { try SnapshotDocument($0 + "\n}\n") }
  }

  var takenAt: Double { Self.milliseconds(root["takenAt"]) ?? 0 }

  /// Converts a timestamp of the document to milliseconds since 1970.
  static func milliseconds(_ value: Any?) -> Double? {
    let format = ISO8601DateFormatter()
    format.formatOptions = [.withInternetDateTime, .withFractionalSeconds]
    return (value as? String).flatMap { format.date(from: $0) }.map { $0.timeIntervalSince1970 * 1000 }
  }

  var isComplete: Bool { root["complete"] as? Bool ?? false }
  var sagas: [String: Any] { root["sagas"] as? [String: Any] ?? [:] }
  var counts: [String: Int] { sagas["counts"] as? [String: Int] ?? [:] }
  var items: [[String: Any]] { sagas["items"] as? [[String: Any]] ?? [] }
  var sources: [[String: Any]] { root["sources"] as? [[String: Any]] ?? [] }
  var compensations: [[String: Any]] { root["compensations"] as? [[String: Any]] ?? [] }

  /// An item in the ledger's terms.
  static func order(_ item: [String: Any]) -> Ledger.Order {
    var steps: [String: Ledger.Step] = [:]
    for step in item["steps"] as? [[String: Any]] ?? [] {
      let status = step["status"] as? String ?? ""
      steps[step["name"] as? String ?? ""] = Ledger.Step(
        status: status == "running" || status == "pending" ? "open" : status, node: step["node"] as? String,
        error: step["error"] as? String)
    }
    return Ledger.Order(status: item["status"] as? String ?? "", steps: steps)
  }
}
