import Foundation

/// A demo, configurations derived from the demo's configuration, and a folder for the audit log and the demo's ledger.
final class ActionPlace {
  let folder = FileManager.default.temporaryDirectory.appendingPathComponent("sagatop-place-\(UUID().uuidString)")
  private let demo: Demo

  init(_ style: String, _ arguments: [String]) throws {
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    let ledger = folder.appendingPathComponent("ledger").path
    demo = try Demo(["--style", style, "--ledger", ledger] + arguments)
  }

  deinit { try? FileManager.default.removeItem(at: folder) }

  /// The demo's configuration with additional lines in its first context and with replaced texts.
  func configuration(adding lines: String = "", replacing changes: [(String, String)] = []) throws -> String {
    var text = try String(contentsOfFile: demo.configuration, encoding: .utf8)
    for (old, new) in changes {
      guard text.contains(old) else { throw NeverHappened(what: "the demo's configuration has `\(old)`") }
      text = text.replacingOccurrences(of: old, with: new)
    }
    guard let place = text.range(of: "    preset:") else {
      throw NeverHappened(what: "the demo's context has a preset")
    }
    text.insert(contentsOf: lines.isEmpty ? "" : "    \(lines)\n", at: place.lowerBound)
    let file = folder.appendingPathComponent("\(UUID().uuidString).yaml")
    try text.write(to: file, atomically: true, encoding: .utf8)
    return file.path
  }

  /// URL of the demo's API for operators.
  var apiURL: String {
    get throws {
      let text = try String(contentsOfFile: demo.configuration, encoding: .utf8)
      guard let match = text.firstMatch(of: /\n        url: (http[^\s]+)/) else {
        throw NeverHappened(what: "the demo's configuration has an API")
      }
      return String(match.1)
    }
  }

  /// Uses the demo's configuration by default.
  func environment(_ configuration: String? = nil) -> [String: String] {
    ["SAGATOP_CONFIG": configuration ?? demo.configuration, "XDG_STATE_HOME": folder.path]
  }

  func sagatop(_ arguments: [String], _ configuration: String? = nil) throws -> Run {
    try Run.sagatop(arguments, environment: environment(configuration))
  }

  /// Waits until at least `count` sagas match, and returns their ids.
  func sagas(_ filter: String, atLeast count: Int = 1, within seconds: Double = 60, _ configuration: String? = nil)
    throws
    -> [String]
  {
    try eventually(within: seconds, "\(count) sagas are `\(filter)`") {
      let run = try sagatop(["compensate", "--filter", filter, "--dry-run", "-o", "json"], configuration)
      let ids = try Self.plan(run).map { $0["id"] as? String ?? "" }
      return ids.count >= count ? ids : nil
    }
  }

  static func plan(_ run: Run) throws -> [[String: Any]] {
    (try document(run).root["plan"] as? [String: Any])?["items"] as? [[String: Any]] ?? []
  }

  static func results(_ run: Run) throws -> [[String: Any]] {
    try document(run).root["results"] as? [[String: Any]] ?? []
  }

  private static func document(_ run: Run) throws -> SnapshotDocument {
    guard let document = try? SnapshotDocument(run.output) else {
      throw NeverHappened(what: "a JSON document; exit code \(run.code): \(run.errors.suffix(2000))")
    }
    return document
  }

  /// The output of `sagatop actions`.
  func actions() throws -> [[String: Any]] {
    let run = try sagatop(["actions", "-o", "json"])
    guard run.code == 0 else { throw NeverHappened(what: "the audit log is whole: \(run.errors)") }
    return try SnapshotDocument(run.output).root["actions"] as? [[String: Any]] ?? []
  }

  var audit: String {
    (try? String(contentsOf: folder.appendingPathComponent("sagatop/audit.jsonl"), encoding: .utf8)) ?? ""
  }

  /// The demo's ledger entries of operators' calls.
  func calls() throws -> [[String: Any]] {
    try String(contentsOf: folder.appendingPathComponent("ledger"), encoding: .utf8).split(separator: "\n").compactMap {
      try? JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any]
    }.filter { $0["effect"] as? String == "action" }
  }
}
