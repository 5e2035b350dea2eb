import Foundation
import Testing

@Suite("The nest executes operators' requests once, and their outcome is reported correctly", .serialized)
struct NestActionsTests {
  private static let waiting = "status:running age>2s"

  private func outcomes(_ results: [[String: Any]]) -> [String: Int] {
    Dictionary(results.map { ($0["outcome"] as? String ?? "", 1) }, uniquingKeysWith: +)
  }

  @Test("killed between intent and response, the outcome is unknown after a restart, and the same key executes it once")
  func killed() throws {
    let place = try ActionPlace("nest", ["--rate", "6", "--fault", "payment-down@0"])
    let id = try #require(try place.sagas(Self.waiting).first)
    // The server accepts connections but does not respond, not even to the login.
    let hole = try SilentPort()
    let own = """
      sagas: {OrderProcessingSaga: {actions: {compensate: {
            http: {api: nest, path: "/saga/compensate/{ids.sagaId}"}, timeout: 4s,
            expect: {statuses: [compensated], within: 20s}}}}}
      """
    let lost = try place.configuration(
      adding: own, replacing: [("        url: http", "        url: \"\(hole.url)\" #")])
    let quick = try place.configuration(adding: own)
    let pid = try Run.spawn(
      [Binaries.sagatop, "compensate", id, "--yes", "--reason", "first"],
      environment: place.environment(lost).merging(["PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8"]) { $1 },
      output: "/dev/null", errors: place.folder.appendingPathComponent("errors").path)
    _ = try eventually(within: 60, "the intent is on disk") {
      place.audit.contains(#""record":"intended""#) ? true : nil
    }
    kill(pid, SIGKILL)
    var status: Int32 = 0
    waitpid(pid, &status, 0)
    #expect(status & 0x7f == SIGKILL)
    let before = try place.actions()
    #expect(before.map { $0["outcome"] as? String } == ["unknown"])
    let key = try #require(before.first?["idempotencyKey"] as? String)

    // The request may still get a response. After five times its timeout it counts as lost.
    let early = try place.sagatop(["compensate", id, "--dry-run"], quick)
    #expect(early.code == 2 && early.errors.contains("is under way"), "\(early.output)\(early.errors)")
    let item = try eventually(within: 60, "it is taken for lost") {
      try ActionPlace.plan(try place.sagatop(["compensate", id, "--dry-run", "-o", "json"], quick)).first
    }
    #expect(item["idempotencyKey"] as? String == key)
    #expect((item["warning"] as? String)?.contains("it is sent again with the same key") == true)
    let done = try place.sagatop(["compensate", id, "--yes", "-o", "json"], quick)
    #expect(done.code == 0, "\(done.errors)")
    #expect(try place.calls().map { $0["key"] as? String } == [key])
    #expect(try place.calls().map { $0["outcome"] as? String } == ["accepted"])
  }

  @Test("a missing response is unknown; the repeated key is recognised, and nothing is executed twice")
  func hanging() throws {
    let place = try ActionPlace("nest", ["--rate", "6", "--fault", "payment-down@0", "--fault", "api-hang@0"])
    let blind = try place.configuration(
      adding: """
        sagas: {OrderProcessingSaga: {actions: {compensate: {
              http: {api: nest, path: "/saga/compensate/{ids.sagaId}"}, timeout: 1s,
              allowed: [running, compensating, compensated], expect: {events: [SagaCompensationFailed], within: 100ms}}}}}
        """)
    let id = try #require(try place.sagas(Self.waiting, blind).first)
    for _ in 1...2 {
      let run = try place.sagatop(["compensate", id, "--yes", "-o", "json"], blind)
      #expect(run.code == 3, "\(run.errors)")
      #expect(outcomes(try ActionPlace.results(run)) == ["unknown": 1])
    }
    let calls = try place.calls()
    #expect(calls.map { $0["outcome"] as? String } == ["accepted", "repeated"])
    #expect(Set(calls.compactMap { $0["key"] as? String }).count == 1)
  }

  @Test("of 300 requests, of which every tenth fails, each saga has an outcome, and none is handled twice")
  func flaky() throws {
    let place = try ActionPlace("nest", ["--rate", "100", "--fault", "payment-down@0", "--fault", "api-flaky@0"])
    let ids = Array(try place.sagas(Self.waiting, atLeast: 300).prefix(300))
    let quick = try place.configuration(
      adding: """
        sagas: {OrderProcessingSaga: {actions: {compensate: {
              http: {api: nest, path: "/saga/compensate/{ids.sagaId}"}, rate: 1000, maxBatch: 5000, concurrency: 16,
              expect: {statuses: [compensated], within: 5s}}}}}
        """)
    let run = try place.sagatop(["compensate"] + ids + ["--yes", "-o", "json"], quick)
    let counts = outcomes(try ActionPlace.results(run))
    let calls = try place.calls()
    #expect(calls.count == 300)
    let failed = calls.count { $0["outcome"] as? String == "unavailable" }
    #expect(run.code == 3 && failed >= 30, "\(run.errors)")
    #expect(counts["unknown", default: 0] + counts["refused", default: 0] == failed)
    // The number observed in time depends on the machine. All others must be reported as not observed.
    #expect(counts["observed", default: 0] + counts["not observed", default: 0] == calls.count - failed)
    #expect(counts["observed", default: 0] > 0)
    let keys = calls.filter { $0["outcome"] as? String == "accepted" }.compactMap { $0["key"] as? String }
    #expect(Set(keys).count == keys.count && keys.count == calls.count - failed)
    #expect(outcomes(try place.actions()) == counts)
  }

  @Test(
    "a token with a lifetime of two seconds is renewed; the retried saga completes, and a 409 is reported with its text"
  )
  func retried() throws {
    let place = try ActionPlace(
      "nest", ["--rate", "20", "--fault", "payment-flaky@0", "--fault", "token-expiry@0"])
    let eager = try place.configuration(
      adding: """
        sagas: {OrderProcessingSaga: {actions: {retry: {
              http: {api: nest, path: "/saga/retry/{ids.sagaId}"}, allowed: [running, completed],
              expect: {events: [SagaCompleted, SagaFailed], within: 30s}}}}}
        """)
    let id = try #require(try place.sagas("status:running step:order_confirmation age>5s").first)
    let run = try place.sagatop(["retry", id, "--yes", "-o", "json"], eager)
    #expect(run.code == 0, "\(run.errors)")
    #expect(outcomes(try ActionPlace.results(run)) == ["observed": 1])
    #expect(try place.calls().map { $0["outcome"] as? String } == ["accepted"])

    let done = try eventually(within: 30, "a saga has completed") {
      try SnapshotDocument(place.sagatop(["snapshot", "-o", "json", "--sections", "sagas"]).output).items
        .first { $0["status"] as? String == "completed" }?["id"] as? String
    }
    let refused = try place.sagatop(["retry", done, "--yes", "--confirm", String(done.suffix(4)), "-o", "json"], eager)
    #expect(refused.code == 2)
    let record = try #require(try ActionPlace.results(refused).first)
    #expect(record["outcome"] as? String == "refused" && record["status"] as? Int == 409)
    #expect((record["detail"] as? String)?.contains("cannot be retried while it is completed") == true)
    let said = [run, refused].map { $0.output + $0.errors } + [place.audit]
    // `eyJ` is the start of a JSON Web Token.
    for secret in ["Bearer", "accessToken", "demo-password", "eyJ"] {
      #expect(said.allSatisfy { !$0.contains(secret) }, "\(secret)")
    }
  }
}
