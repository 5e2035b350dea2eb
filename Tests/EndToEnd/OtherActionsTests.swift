import Foundation
import Testing

@Suite("Further actions on the command line", .serialized)
struct OtherActionsTests {
  @Test("an event store is replayed, a program abandons a saga, and the orchestrator compensates a failed one")
  func lab() throws {
    let place = try ActionPlace("lab", ["--rate", "20"])
    let replay = try place.sagatop(["act", "replay", "--yes", "--reason", "projections are lost"])
    #expect(replay.code == 0 && replay.output.contains("replay system: accepted HTTP 200"), "\(replay.errors)")
    let more = try place.configuration(
      adding: """
        sagas: {order: {actions: {give-up: {
              command: [touch, "\(place.folder.path)/given-up-{ids.saga_id}"], allowed: [failed], expect: {within: 100ms}}}}}
        """)
    let id = try #require(try place.sagas("status:failed").first)
    let given = try place.sagatop(["act", "give-up", "order/\(id)", "--yes"], more)
    #expect([0, 1].contains(given.code), "\(given.errors)")
    #expect(access("\(place.folder.path)/given-up-\(id)", F_OK) == 0)
    let undone = try place.sagatop(["compensate", id, "--yes"], more)
    #expect(undone.code == 0 && undone.output.contains("observed in "), "\(undone.output)\(undone.errors)")
    #expect(try place.actions().map { $0["action"] as? String } == ["replay", "give-up", "compensate"])
    try jobs(place)
  }

  /// The lab on plain Kubernetes, with a `kubectl` that only records its arguments.
  private func jobs(_ place: ActionPlace) throws {
    let words = place.folder.appendingPathComponent("words").path
    let kubectl = place.folder.appendingPathComponent("kubectl").path
    try "#!/bin/sh\nprintf '%s|' \"$@\" >>\(words)\n".write(toFile: kubectl, atomically: true, encoding: .utf8)
    #expect(chmod(kubectl, 0o700) == 0)
    // The preset's definition, except for the time during which the effect is observed.
    let native = try place.configuration(replacing: [
      (
        "    preset: lab-native",
        """
            preset: lab-native
            sagas: {order: {actions: {compensate: {
              command: [kubectl, create, job, "compensation-{idempotencyKey}", --from=job/saga-orchestrator],
              expect: {within: 100ms}}}}}
        """
      )
    ])
    let environment = place.environment(native).merging(["PATH": "\(place.folder.path):/usr/bin:/bin"]) { $1 }
    let run = try eventually(within: 30, "a job has failed") {
      let arguments = ["--context", "native", "compensate", "--filter", "status:failed", "--yes", "-o", "json"]
      let run = try Run.sagatop(arguments, environment: environment)
      return try ActionPlace.results(run).isEmpty ? nil : run
    }
    #expect(run.code < 2, "\(run.errors)")
    let keys = try ActionPlace.results(run).compactMap { $0["idempotencyKey"] as? String }
    let lines = keys.map { "create|job|compensation-\($0)|--from=job/saga-orchestrator|" }
    let noted = try String(contentsOfFile: words, encoding: .utf8)
    #expect(!lines.isEmpty && lines.allSatisfy(noted.contains))
  }

  @Test("a leaked lock is released by its key")
  func lock() throws {
    let place = try ActionPlace("shop", ["--rate", "6", "--fault", "lock-leak@0"])
    let key: String = try eventually(within: 60, "a lock is immortal") {
      let run = try place.sagatop(["snapshot", "-o", "json", "--sections", "locks"])
      let locks = try SnapshotDocument(run.output).root["locks"] as? [[String: Any]] ?? []
      return locks.first { $0["verdict"] as? String == "immortal" }?["key"] as? String
    }
    let run = try place.sagatop(["act", "release-lock", key, "--yes"])
    #expect(run.code == 0 && run.output.contains("release-lock \(key): observed in "), "\(run.output)\(run.errors)")
    #expect(try place.sagatop(["act", "release-lock", "no:such:lock", "--yes"]).code == 2)
  }

  @Test(
    "an empty or invalid filter selects no saga and is a usage error",
    arguments: ["", "  ", "colour:red"])
  func badFilter(text: String) throws {
    let run = try Run.sagatop(
      ["retry", "--filter", text, "--yes", "--preset", "spring", "--brokers", "127.0.0.1:1"])
    #expect(run.code == 64 && run.errors.contains("--filter: "), "\(run.errors)")
  }

  @Test(
    "read-only, no action is done, whichever it is",
    arguments: [
      ["retry", "1"], ["compensate", "1"], ["act", "retry", "1"], ["act", "give-up", "1"],
      ["act", "release-lock", "k"],
      ["act", "redrive", "a.dlq/0/1"], ["act", "replay"],
    ])
  func readOnly(words: [String]) throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("sagatop-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: folder) }
    let run = try Run.sagatop(
      words + ["--yes", "--read-only", "--preset", "spring", "--brokers", "127.0.0.1:1"],
      environment: ["XDG_STATE_HOME": folder.path])
    #expect(run.code == 77, "\(run.errors)")
    #expect(access(folder.path, F_OK) != 0)
  }
}
