import CSystem
import Foundation
import Testing

@Suite("Many actions with disturbances", .serialized)
struct BulkActionsTests {
  private static let waiting = "status:running age>1s"
  private static let compensate = ["compensate", "--filter", waiting, "--yes", "-o", "json"]

  /// A nest whose sagas wait forever for a payment.
  private func nest() throws -> ActionPlace {
    try ActionPlace("nest", ["--rate", "60", "--fault", "payment-down@0"])
  }

  /// The demo's configuration with this number of requests per second.
  private func configuration(_ place: ActionPlace, rate: Int, isProtected: Bool = false) throws -> String {
    try place.configuration(
      adding: """
        sagas: {OrderProcessingSaga: {actions: {compensate: {
              http: {api: nest, path: "/saga/compensate/{ids.sagaId}"}, rate: \(rate), maxBatch: 5000,
              expect: {statuses: [compensated], within: 20s}}}}}
            protected: \(isProtected)
        """)
  }

  private func start(_ words: [String], _ place: ActionPlace, _ configuration: String, output: String) throws -> pid_t {
    try Run.spawn(
      words,
      environment: place.environment(configuration).merging(["PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8"]) { $1 },
      output: place.folder.appendingPathComponent(output).path,
      errors: place.folder.appendingPathComponent("errors").path)
  }

  private func end(of pid: pid_t) throws -> Int32 {
    try eventually(within: 60, "sagatop ends") {
      var status: Int32 = 0
      return waitpid(pid, &status, WNOHANG) == pid ? sg_exit_code(status) : nil
    }
  }

  private func results(_ place: ActionPlace, _ output: String) throws -> [[String: Any]] {
    let text = try String(contentsOf: place.folder.appendingPathComponent(output), encoding: .utf8)
    return try SnapshotDocument(text).root["results"] as? [[String: Any]] ?? []
  }

  private func intents(_ place: ActionPlace) -> Int {
    place.audit.split(separator: "\n").count { $0.contains(#""record":"intended""#) }
  }

  @Test("a signal during a run leaves the rest unsent, pending requests have an outcome, and the log is complete")
  func signals() throws {
    let place = try nest()
    let slow = try configuration(place, rate: 5)
    _ = try place.sagas(Self.waiting, atLeast: 20, slow)
    // nohup makes the program ignore SIGHUP.
    for (prefix, signals, code) in [
      ([], [SIGINT], 130), ([], [SIGTERM], 143), ([], [SIGHUP], 129), (["nohup"], [SIGHUP, SIGTERM], 143),
    ] as [([String], [Int32], Int32)] {
      let pid = try start(prefix + [Binaries.sagatop] + Self.compensate, place, slow, output: "results")
      for signal in signals {
        let before = intents(place)
        _ = try eventually(within: 60, "some are sent") { intents(place) >= before + 3 ? true : nil }
        #expect(kill(pid, signal) == 0)
      }
      let ended = try end(of: pid)
      let errors = try String(contentsOf: place.folder.appendingPathComponent("errors"), encoding: .utf8)
      #expect(ended == code, "\(errors)")
      let outcomes = try results(place, "results").map { $0["outcome"] as? String ?? "" }
      let sent = outcomes.filter { $0 != "cancelled" }
      #expect(sent.count >= 3 && outcomes.count > sent.count + 3, "\(code): \(outcomes)")
      #expect(sent.allSatisfy { ["observed", "accepted"].contains($0) }, "\(code): \(outcomes)")
    }
    #expect(try place.calls().count == intents(place))
    #expect(try place.actions().allSatisfy { $0["outcome"] as? String != "unknown" })
  }

  @Test("two concurrent operators write one valid log, and each saga is handled by only one of them")
  func twoOperators() throws {
    let place = try nest()
    let quick = try configuration(place, rate: 100)
    let ids = try place.sagas(Self.waiting, atLeast: 40, quick).prefix(40)
    let halves = [Array(ids.prefix(30)), Array(ids.suffix(30))]
    let pids = try halves.enumerated().map { place_, half in
      try start([Binaries.sagatop, "compensate"] + half + ["--yes", "-o", "json"], place, quick, output: "\(place_)")
    }
    for pid in pids { #expect([0, 2].contains(try end(of: pid))) }
    let both = try halves.indices.flatMap { try results(place, "\($0)") }
    let done = both.filter { $0["outcome"] as? String == "observed" }.compactMap { $0["subject"] as? String }
    #expect(Set(done) == Set(ids) && done.count == ids.count)
    let told = try place.actions()
    #expect(told.count == both.count && Set(told.compactMap { $0["intent"] as? String }).count == 2)
    let accepted = try place.calls().filter { $0["outcome"] as? String == "accepted" }
    #expect(accepted.count == ids.count)
  }

  @Test("a protected context requires more than --yes, and typed-ahead input on a terminal is ignored")
  func confirmed() throws {
    let place = try nest()
    let guarded = try configuration(place, rate: 100, isProtected: true)
    let id = try #require(try place.sagas(Self.waiting, guarded).first)
    for words in [["--yes"], ["--yes", "--confirm", "2"], ["--confirm", "1"], []] {
      #expect(try place.sagatop(["compensate", id] + words, guarded).code == 3)
    }
    let go = place.folder.appendingPathComponent("go").path
    let screen = try Tmux(
      "sh -c 'until [ -e \(go) ]; do :; done; exec \(Binaries.sagatop) compensate \(id)'", columns: 120,
      environment: place.environment())
    try screen.type("y\n")
    try screen.wait(for: "y")
    #expect(FileManager.default.createFile(atPath: go, contents: nil))
    try screen.wait(for: "compensate? [y/N]")
    #expect(place.audit.isEmpty)
    #expect(try place.calls().isEmpty)
    try screen.type("y\n")
    try screen.wait(for: "observed in ")
    #expect(try screen.exitCode() == 0)
    let other = try #require(try place.sagas(Self.waiting, guarded).first { $0 != id })
    #expect(try place.sagatop(["compensate", other, "--yes", "--confirm", "1"], guarded).code == 0)
    #expect(try place.calls().count == 2)
  }

  @Test("shrinking and enlarging the terminal confirms nothing unseen and does not affect a run")
  func resized() throws {
    let place = try nest()
    let slow = try configuration(place, rate: 10)
    _ = try place.sagas(Self.waiting, atLeast: 60, slow)
    let pid = place.folder.appendingPathComponent("pid").path
    let screen = try Tmux(
      "sh -c 'echo $$ > \(pid); exec \(Binaries.sagatop)'", columns: 80, rows: 24,
      environment: place.environment(slow))
    try screen.wait(for: "TIMELINE")
    try screen.type("/\(Self.waiting)\n")
    try screen.wait(for: "filter: \(Self.waiting)")
    try screen.type("C")
    try screen.wait(for: "^A all that match the filter")
    try screen.press("C-a")
    let question = try screen.wait(for: "to compensate").firstMatch(of: /type ([0-9]+) to compensate/)
    let count = try #require(question?.1)
    try screen.resize(columns: 20, rows: 5)
    try screen.wait(for: "needs 60x12")
    try screen.type("\(count)\n")
    try screen.resize(columns: 80, rows: 24)
    try screen.wait(for: "type \(count) to compensate: \(count)_")
    #expect(place.audit.isEmpty)
    try screen.press("Enter")
    for (columns, rows, words) in [
      (20, 5, "needs 60x12"), (160, 45, " of \(count) settled"), (40, 8, " of \(count) se"),
    ] {
      try screen.resize(columns: columns, rows: rows)
      try screen.wait(for: words)
    }
    _ = try eventually("some are sent") { intents(place) > 5 ? true : nil }
    let number = try #require(Int32(String(contentsOfFile: pid, encoding: .utf8).trimmed))
    #expect(kill(number, SIGTERM) == 0)
    #expect(try screen.exitCode() == 143)
    let outcomes = try place.actions().compactMap { $0["outcome"] as? String }
    #expect(try place.calls().count == intents(place) && intents(place) < outcomes.count)
    #expect(outcomes.allSatisfy { ["observed", "accepted", "cancelled"].contains($0) }, "\(outcomes)")
  }
}
