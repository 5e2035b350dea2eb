import CSystem
import Foundation

/// A demo shop that runs until this object is deinitialized.
final class Demo {
  private let pid: pid_t
  private let folder: URL
  let configuration: String
  private var opened = Date()

  /// `arguments` are added to those for the seed and the ledger.
  init(_ arguments: [String]) throws {
    folder = FileManager.default.temporaryDirectory.appendingPathComponent("sagatop-shop-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    let output = folder.appendingPathComponent("output")
    pid = try Run.spawn(
      [Binaries.demo, "--seed", "7", "--ledger", folder.appendingPathComponent("ledger").path] + arguments,
      environment: ["PATH": "/usr/local/bin:/usr/bin:/bin", "LC_ALL": "C.UTF-8"], output: output.path,
      errors: folder.appendingPathComponent("errors").path)
    let (pid, folder) = (pid, folder)
    do {
      configuration = try eventually(within: 60, "the shop opens") {
        let text = (try? String(contentsOf: output, encoding: .utf8)) ?? ""
        guard let start = text.range(of: "SAGATOP_CONFIG=") else { return nil }
        return text[start.upperBound...].split(separator: " ").first.map(String.init)
      }
      opened = Date()
    } catch {
      kill(pid, SIGTERM)
      try? FileManager.default.removeItem(at: folder)
      throw error
    }
  }

  deinit {
    kill(pid, SIGTERM)
    var status: Int32 = 0
    waitpid(pid, &status, 0)
    try? FileManager.default.removeItem(at: folder)
  }

  /// The time at which the shop was found open, in seconds since 1970. It was opened slightly earlier.
  var openedAt: Double { opened.timeIntervalSince1970 }

  var ledger: Ledger {
    get throws { try Ledger(file: folder.appendingPathComponent("ledger"), duplicates: true) }
  }

  /// Waits for an order that fulfils the condition. Returns the one with the lowest number.
  func order(within seconds: Double = 30, _ what: String, where isMeant: @escaping ([Ledger.Entry]) -> Bool) throws
    -> String
  {
    try eventually(within: seconds, "an order \(what)") {
      try? ledger.orders.filter { isMeant($0.value) }.keys.min { Int($0) ?? 0 < Int($1) ?? 0 }
    }
  }

  /// The output of `sagatop why` for an order.
  func why(_ order: String) throws -> Why {
    let run = try Run.sagatop(
      ["why", order, "-o", "json", "--timeout", "20s"], environment: ["SAGATOP_CONFIG": configuration])
    guard run.code == 0 else { throw NeverHappened(what: "why \(order) answers: \(run.errors)") }
    return try Why(run.output)
  }

  struct Why {
    struct Cause {
      var kind: String
      var text: String
    }

    let causes: [Cause]
    let trouble: String

    init(_ text: String) throws {
      let root = try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any] ?? [:]
      trouble = root["trouble"] as? String ?? ""
      causes = (root["why"] as? [[String: Any]] ?? []).map {
        Cause(
          kind: $0["kind"] as? String ?? "",
          text: "\($0["cause"] as? String ?? ""): \($0["evidence"] as? String ?? "")")
      }
    }

    var first: String? { causes.first?.kind }
  }
}
