import CSystem
import Foundation
import Testing

@Suite("An incident: many sagas, lost requests, killed and suspended runs, two operators", .serialized)
struct IncidentTests {
  private static let waiting = "status:running age>1s"
  private static let wanted = 1000

  private struct SeededNumbers: RandomNumberGenerator {
    var state: UInt64
    mutating func next() -> UInt64 {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return state ^ (state >> 29)
    }
  }

  /// A nest whose sagas wait forever for a payment. Tests compensate them through a proxy.
  private func place() throws -> ActionPlace {
    try ActionPlace("nest", ["--rate", "120", "--orders", "1200", "--fault", "payment-down@0"])
  }

  private func configuration(_ place: ActionPlace, _ proxy: FaultyProxy, log: String) throws -> String {
    try place.configuration(
      adding: """
        audit: {path: \(place.folder.path)/\(log)/audit.jsonl}
            sagas: {OrderProcessingSaga: {actions: {compensate: {
              http: {api: nest, path: "/saga/compensate/{ids.sagaId}"}, rate: 400, concurrency: 16, maxBatch: 5000,
              timeout: 1s, stopAfter: 5000, expect: {statuses: [compensated], within: 10s}}}}}
        """, replacing: [("        url: \(try place.apiURL)", "        url: http://127.0.0.1:\(proxy.port)")])
  }

  private func start(_ place: ActionPlace, _ configuration: String) throws -> pid_t {
    try Run.spawn(
      [Binaries.sagatop, "compensate", "--filter", Self.waiting, "--yes", "-o", "json"],
      environment: place.environment(configuration).merging(["PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8"]) { $1 },
      output: "/dev/null", errors: place.folder.appendingPathComponent("errors").path)
  }

  private func hasEnded(_ pid: pid_t) -> Bool {
    var status: Int32 = 0
    return waitpid(pid, &status, WNOHANG) != 0
  }

  /// Two operators share a log. Their processes are repeatedly started and then killed, suspended or left alone.
  @Test(
    "no request is sent without an intent, and no saga is handled twice", arguments: [1 as UInt64])
  func thousand(seed: UInt64) throws {
    var random = SeededNumbers(state: seed)
    let place = try place()
    let proxy = try FaultyProxy(to: try #require(URL(string: try place.apiURL)), in: place.folder, seed: seed)
    let logs = ["shared", "shared"]
    let files = try logs.map { try configuration(place, proxy, log: $0) }
    var running: [(pid: pid_t, file: Int, wakesAt: Date?)] = []
    let end = Date().addingTimeInterval(240)
    while try proxy.calls().count < Self.wanted, Date() < end {
      running.removeAll { hasEnded($0.pid) }
      for file in files.indices where !running.contains(where: { $0.file == file }) {
        running.append((try start(place, files[file]), file, nil))
      }
      usleep(UInt32.random(in: 100_000...600_000, using: &random))
      for index in running.indices {
        if let wakesAt = running[index].wakesAt {
          if wakesAt < Date() {
            kill(running[index].pid, SIGCONT)
            running[index].wakesAt = nil
          }
          continue
        }
        switch Int.random(in: 0..<20, using: &random) {
        case 0: kill(running[index].pid, SIGKILL)
        case 1: kill(running[index].pid, SIGINT)
        case 2:
          kill(running[index].pid, SIGSTOP)
          running[index].wakesAt = Date().addingTimeInterval(Double.random(in: 0.5...9, using: &random))
        default: continue
        }
      }
    }
    for run in running {
      kill(run.pid, SIGCONT)
      kill(run.pid, SIGINT)
    }
    _ = try eventually(within: 60, "all of them end") { running.allSatisfy { hasEnded($0.pid) } ? true : nil }
    try check(place, proxy, Dictionary(zip(logs, files)) { $1 })
  }

  /// `files` are the configurations, by the name of their log.
  private func check(_ place: ActionPlace, _ proxy: FaultyProxy, _ files: [String: String]) throws {
    let calls = try proxy.calls()
    let ledger = try place.calls()
    let lines = try files.keys.flatMap { try self.lines(place, $0) }
    let intended = lines.filter { $0["record"] as? String == "intended" }
    #expect(calls.count >= Self.wanted, "\(calls.count) calls")

    // Every call has an earlier intent: no key has more calls than intents.
    let sent = Dictionary(grouping: calls, by: \.key).mapValues(\.count)
    let planned = Dictionary(grouping: intended) { $0["idempotencyKey"] as? String ?? "" }.mapValues(\.count)
    for (key, count) in sent {
      #expect(count <= planned[key] ?? 0, "\(key): \(count) sent, \(planned[key] ?? 0) intended")
    }

    // The server has executed each saga once. It has rejected repeated requests by their key.
    let done = Dictionary(grouping: ledger.filter { $0["outcome"] as? String == "accepted" }) {
      $0["sagaId"] as? String ?? ""
    }
    #expect(done.count > Self.wanted / 10 && done.values.allSatisfy { $0.count == 1 })
    let keys = Dictionary(grouping: intended) { $0["subject"] as? String ?? "" }
      .mapValues { Set($0.compactMap { $0["idempotencyKey"] as? String }) }
    let acceptedKeys = Set(ledger.filter { $0["outcome"] as? String == "accepted" }.compactMap { $0["key"] as? String })
    #expect(keys.values.allSatisfy { $0.filter { acceptedKeys.contains($0) }.count <= 1 })

    // An accepted request is never sent again with another key.
    for (path, forwarded) in Dictionary(grouping: calls.filter(\.isForwarded), by: \.path) {
      guard let first = forwarded.first, (first.status ?? 500) < 300 else { continue }
      #expect(forwarded.allSatisfy { $0.key == first.key }, "\(path): \(forwarded)")
    }

    // The log agrees with the proxy's record.
    let reached = Dictionary(grouping: calls.filter(\.isForwarded), by: \.key)
    for line in lines where line["record"] as? String == "outcome" {
      let key = line["idempotencyKey"] as? String ?? ""
      switch line["outcome"] as? String {
      case "accepted": #expect(reached[key]?.contains { ($0.status ?? 0) < 300 } == true, "\(line)")
      case "observed": #expect(acceptedKeys.contains(key), "\(line)")
      case "refused" where line["status"] != nil && line["status"] as? Int != 503:
        #expect(reached[key]?.contains { $0.status == line["status"] as? Int } == true, "\(line)")
      default: continue
      }
    }
    for (log, file) in files {
      let run = try Run.sagatop(
        ["actions", "-o", "json"],
        environment: ["SAGATOP_CONFIG": file, "XDG_STATE_HOME": place.folder.path])
      #expect(run.code == 0, "\(log): \(run.errors)")
    }
  }

  private func lines(_ place: ActionPlace, _ log: String) throws -> [[String: Any]] {
    let file = place.folder.appendingPathComponent("\(log)/audit.jsonl")
    return try String(contentsOf: file, encoding: .utf8).split(separator: "\n").compactMap {
      try JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any]
    }
  }

  @Test("a killed run is listed, another operator completes it, and the report contains both")
  func resumed() throws {
    let place = try place()
    let slow = try place.configuration(
      adding: """
        sagas: {OrderProcessingSaga: {actions: {compensate: {
              http: {api: nest, path: "/saga/compensate/{ids.sagaId}"}, rate: 20, timeout: 1s,
              expect: {statuses: [compensated], within: 20s}}}}}
        """)
    _ = try place.sagas(Self.waiting, atLeast: 60, slow)
    let pid = try start(place, slow)
    _ = try eventually(within: 60, "some are sent") {
      place.audit.split(separator: "\n").count { $0.contains(#""record":"intended""#) } >= 15 ? true : nil
    }
    let intent = try #require(try runs(place, slow).first?["intent"] as? String)
    #expect(try runs(place, slow).first?["state"] as? String == "running")
    #expect(try place.sagatop(["runs", "pause", String(intent.prefix(8)), "--reason", "wait"], slow).code == 0)
    #expect((try runs(place, slow).first?["state"] as? String)?.hasPrefix("paused by ") == true)
    kill(pid, SIGKILL)
    _ = try eventually(within: 30, "it ends") { hasEnded(pid) ? true : nil }
    let left = try #require(try runs(place, slow).first)
    #expect(left["state"] as? String == "ended early" && left["notSent"] as? Int ?? 0 > 20)

    let shown = try place.sagatop(["runs", "show", intent], slow)
    #expect(shown.output.contains("filter: \(Self.waiting)") && shown.output.contains("confirmed by: `--yes`"))
    let run = try place.sagatop(["runs", "resume", intent, "--yes", "-o", "json"], slow)
    #expect([0, 2, 3].contains(run.code), "\(run.errors)")
    let results = try ActionPlace.results(run)
    #expect(results.count { $0["outcome"] as? String == "observed" } > 20, "\(run.errors)")
    // A second resume sends only requests that were skipped before.
    _ = try place.sagatop(["runs", "resume", intent, "--yes"], slow)
    let accepted = Dictionary(grouping: try place.calls().filter { $0["outcome"] as? String == "accepted" }) {
      $0["sagaId"] as? String ?? ""
    }
    #expect(accepted.values.allSatisfy { $0.count == 1 })
    let report = try place.sagatop(["actions", "--intent", intent, "-o", "markdown"], slow)
    #expect(report.output.contains("the rest of `\(intent)`") && report.output.contains("| observed | "))
  }

  private func runs(_ place: ActionPlace, _ configuration: String) throws -> [[String: Any]] {
    let run = try place.sagatop(["runs", "-o", "json"], configuration)
    guard run.code == 0 else { throw NeverHappened(what: "the runs are listed: \(run.errors)") }
    return try SnapshotDocument(run.output).root["runs"] as? [[String: Any]] ?? []
  }
}
