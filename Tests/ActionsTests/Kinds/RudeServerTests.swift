import Core
import Synchronization
import TestSupport
import Testing

@testable import Actions

@Suite("Misbehaving servers")
struct RudeServerTests {
  private func scene(timeout: Duration = .seconds(60)) throws -> ActionScene {
    var action = ActionDefinition(
      name: .retry, call: try ActionScene.http(), expectation: .init(within: .milliseconds(50)), rate: 1000,
      timeout: timeout)
    action.stopAfter = 5000
    return try ActionScene([action])
  }

  static let ok = "HTTP/1.1 200 OK\r\n"

  static let replies: [(String, ActionServer.Reply, String)] = [
    ("a body without end", .endless(ok + "\r\n", String(repeating: "x", count: 65_536)), "accepted"),
    (
      "a body that is announced as huge",
      .endless(ok + "Content-Length: 99999999999\r\n\r\n", String(repeating: "y", count: 9000)), "accepted"
    ),
    ("a head without end", .endless(ok, "X-Y: " + String(repeating: "z", count: 4000) + "\r\n"), "unknown"),
    ("one line of a head without end", .endless(ok + "X-Y: ", String(repeating: "z", count: 65_536)), "unknown"),
    ("closed in the middle of the body", .raw(ok + "Content-Length: 100\r\n\r\nhalf"), "unknown"),
    ("closed in the middle of the head", .raw(ok + "Content-Le"), "unknown"),
    ("closed in the middle of a refusal's head", .raw("HTTP/1.1 409 Conflict\r\nContent-Ty"), "unknown"),
    ("closed in the middle of the status", .raw("HTTP/1.1 40"), "unknown"),
    ("silent in the middle of the body", .raw(ok + "Content-Length: 100\r\n\r\nhalf", hangs: true), "unknown"),
    ("silent after a word of patience", .raw("HTTP/1.1 102 Processing\r\n\r\n", hangs: true), "unknown"),
    ("no HTTP at all", .raw("I do not speak HTTP\r\n\r\n"), "unknown"),
    ("another protocol from here on", .raw("HTTP/1.1 101 Switching Protocols\r\n\r\n", hangs: true), "unknown"),
    ("a chunk that is none", .raw(ok + "Transfer-Encoding: chunked\r\n\r\nzz\r\nboo\r\n"), "unknown"),
  ]

  @Test(
    "after a request was sent, no bad response leads to refused, to a repetition, or to an endless wait",
    arguments: replies.indices)
  func badly(place: Int) async throws {
    let (what, reply, outcome) = Self.replies[place]
    // The timeout for servers that never respond.
    let scene = try scene(timeout: outcome == "accepted" ? .seconds(60) : .seconds(2))
    let server = try ActionServer { _ in reply }
    scene.fail("7")
    let record = try #require(try await scene.run(scene.gate(server), ["7"]).first)
    let answer = try #require(record.stages.dropFirst(2).first?.outcome)
    #expect(answer.name == outcome, "\(what): \(answer)")
    #expect((answer.detail?.count ?? 0) < 400 && server.requests.count == 1, "\(what)")
    // The response is in the log, in a valid line.
    #expect(scene.lines.contains { $0.record.outcome.name == outcome })
  }

  @Test(
    "redirects are never followed; if the request may have been executed, the outcome is unknown",
    arguments: [
      (301, "refused"), (302, "unknown"), (303, "unknown"), (307, "refused"), (308, "refused"), (408, "unknown"),
    ])
  func redirect(status: Int, outcome: String) async throws {
    let scene = try scene()
    let other = try ActionServer { _ in .answer(200, "") }
    let place = other.url
    let server = try ActionServer { _ in
      .raw("HTTP/1.1 \(status) Elsewhere\r\nLocation: \(place)/steal\r\nContent-Length: 0\r\n\r\n")
    }
    scene.fail("7")
    let gate = scene.gate(server) {
      ($0.apis[0].access.user, $0.apis[0].access.password) = ("ops", "hunter2")
    }
    let record = try #require(try await scene.run(gate, ["7"]).first)
    #expect(record.outcome.name == outcome)
    #expect(record.outcome.detail?.contains("a redirect, not followed") == (status != 408))
    #expect(other.requests.isEmpty && server.requests.count == 1)
  }

  @Test("a user name and password are also masked in their transmitted form")
  func credentials() async throws {
    let scene = try scene()
    let server = try ActionServer { .answer(403, "not with \($0.headers["authorization"] ?? "")") }
    scene.fail("7")
    let gate = scene.gate(server) {
      ($0.apis[0].access.user, $0.apis[0].access.password) = ("ops", "hunter2")
    }
    let record = try #require(try await scene.run(gate, ["7"]).first)
    #expect(record.outcome == .refused(status: 403, message: "not with Basic ***"))
    #expect(!ActionScene.text(of: scene.audit).contains("b3Bz"))
  }

  @Test("a wrong password is not tried again for each saga, because that could lock the account")
  func wrongPassword() async throws {
    let scene = try scene()
    let server = try ActionServer { _ in .answer(401, "wrong password") }
    let ids = (1...100).map(String.init)
    scene.fail(ids)
    let gate = scene.gate(server) {
      $0.apis[0].login = .init(path: "/auth/login", body: [("password", "hunter2")])
    }
    let records = try await scene.run(gate, ids)
    #expect(records.count == 100)
    #expect(records.allSatisfy { $0.outcome.detail?.hasSuffix("HTTP 401 wrong password") == true })
    // One login every five seconds. A slow machine may take several times longer.
    #expect(server.requests.count < 20 && server.requests.allSatisfy { $0.path == "/auth/login" })
  }

  @Test("closing with many pending requests takes no longer than with one")
  func leaving() async throws {
    var action = ActionDefinition(
      name: .retry, call: try ActionScene.http(), expectation: .init(within: .milliseconds(50)),
      timeout: .seconds(300))
    (action.concurrency, action.rate) = (48, 1000)
    let scene = try ActionScene([action])
    let ids = (1...60).map(String.init)
    scene.fail(ids)
    // The first request, which is sent alone, succeeds.
    let server = try ActionServer { request in
      guard request.path.hasSuffix("/1") else { return .hang }
      scene.publish("done", "1")
      return .answer(200, "")
    }
    let gate = scene.gate(server)
    let plan = try gate.plan(ActionRequest(.retry, scene.subjects(ids))).get()
    #expect(gate.run(plan, answer: .typed("60")) == nil)
    #expect(await waitUntil(.seconds(60)) { server.requests.count == 49 })
    let start = ContinuousClock.now
    gate.close(patience: .seconds(1))
    // One after another, the requests would take 48 s.
    #expect(ContinuousClock.now - start < .seconds(24))
    #expect(server.requests.count == 49)
    #expect(scene.lines.count { $0.kind == .intended } == 49)
  }
}
