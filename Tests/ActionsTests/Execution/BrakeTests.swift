import Collectors
import Core
import Synchronization
import TestSupport
import Testing

@testable import Actions

@Suite("What stops a run")
struct BrakeTests {
  private static func scene(_ change: (inout ActionDefinition) -> Void = { _ in }) throws -> ActionScene {
    var action = ActionDefinition(
      name: .retry, call: try ActionScene.http(), expectation: .init(events: ["done"], within: .seconds(5)),
      rate: 1000)
    change(&action)
    return try ActionScene([action])
  }

  private static func started(_ scene: ActionScene, _ gate: ActionExecutor, _ ids: [String]) throws -> ActionPlan {
    let plan = try gate.plan(ActionRequest(.retry, scene.subjects(ids))).get()
    if let refusal = gate.run(plan, answer: ActionScene.answer(plan)) { throw refusal }
    return plan
  }

  private static let many = (1...12).map(String.init)

  @Test("of more than ten requests the first one is sent alone, and the others follow when its effect is observed")
  func firstAlone() async throws {
    let scene = try Self.scene()
    let early = Atomic(0)
    let first = Atomic(0)
    let server = try ActionServer { request in
      let id = String(request.path.split(separator: "/").last ?? "")
      if first.add(1, ordering: .relaxed).oldValue > 0,
        scene.store.actions(on: "1", type: "order").last?.outcome.isFinal != true
      {
        early.add(1, ordering: .relaxed)
      }
      scene.publish("done", id)
      return .answer(200, "")
    }
    scene.fail(Self.many)
    let gate = scene.gate(server)
    let plan = try Self.started(scene, gate, Self.many)
    let records = try await scene.outcomes(gate, plan)
    #expect(records.count { $0.outcome.name == "observed" } == 12)
    #expect(early.load(ordering: .relaxed) == 0)
  }

  @Test("if the first request fails, nothing is sent until the operator continues", arguments: [true, false])
  func firstWrong(goesOn: Bool) async throws {
    let scene = try Self.scene()
    let server = try ActionServer { request in
      if request.path.hasSuffix("/1") { return .answer(409, #"{"message":"no"}"#) }
      scene.publish("done", String(request.path.split(separator: "/").last ?? ""))
      return .answer(200, "")
    }
    scene.fail(Self.many)
    let gate = scene.gate(server)
    let plan = try Self.started(scene, gate, Self.many)
    #expect(await waitUntil { gate.runState(of: plan.intent)?.pause == "the first of 12 was refused: 409: no" })
    #expect(server.requests.count == 1)
    if goesOn { gate.resume(intent: plan.intent) } else { gate.cancel(intent: plan.intent) }
    let names = try await scene.outcomes(gate, plan).map(\.outcome.name)
    #expect(names.count { $0 == (goesOn ? "observed" : "cancelled") } == 11)
    #expect(server.requests.count == (goesOn ? 12 : 1))
  }

  @Test(
    "a run stops after several refusals in a row with the same message apart from ids; different messages do not stop it"
  )
  func inARow() {
    var brake = RunBrake(count: 10, stopAfter: 3)
    for place in 0..<6 {
      #expect(brake.leave() == .take(place))
      brake.note(.refused(status: 409, message: place % 2 == 0 ? "a" : "b"), subject: "\(place)")
    }
    #expect(brake.pause == nil)
    for place in 6..<9 {
      #expect(brake.leave() == .take(place))
      brake.note(.refused(status: 409, message: "order x\(place) is running since \(place)s"), subject: "x\(place)")
    }
    #expect(brake.pause == "3 in a row were refused: 409: order x8 is running since 8s" && brake.leave() == .wait)
    brake.resume()
    #expect(brake.leave() == .take(9))
    // No request remains that could be stopped.
    for _ in 0..<5 { brake.note(.unknown("c"), subject: "9") }
    #expect(brake.pause == nil && brake.leave() == .done)
  }

  @Test("an accepted request resets the failure count, and cancelled requests are reported")
  func anew() {
    var brake = RunBrake(count: 9, stopAfter: 2)
    for outcome in [ActionOutcome.unknown("a"), .accepted(nil), .unknown("a")] {
      _ = brake.leave()
      brake.note(outcome, subject: "x")
    }
    #expect(brake.pause == nil)
    _ = brake.leave()
    brake.note(.unknown("a"), subject: "x")
    #expect(brake.pause != nil && brake.leave() == .wait)
    brake.cancel()
    #expect(brake.pause == nil, "there is nothing more to ask")
    #expect(brake.leave() == .cancel(4..<9) && brake.leave() == .done)
  }

  @Test("a skipped first request does not count: another one is sent alone instead")
  func skippedFirst() {
    var brake = RunBrake(count: 11, stopAfter: 5)
    #expect(brake.leave() == .take(0) && brake.leave() == .wait)
    brake.noteFirst(.skipped("it has moved"))
    #expect(brake.leave() == .take(1) && brake.leave() == .wait)
    brake.noteFirst(.observed(after: .zero))
    #expect(brake.leave() == .take(2) && brake.leave() == .take(3))
  }

  @Test("no request is sent until a server's Retry-After has passed, and the run reports it", arguments: [1, 3600])
  func retryAfter(seconds: Int) async throws {
    let scene = try Self.scene { ($0.concurrency, $0.expectation.within) = (1, .milliseconds(10)) }
    let times = Mutex<[ContinuousClock.Instant]>([])
    let server = try ActionServer { _ in
      let count = times.withLock { times in
        times.append(.now)
        return times.count
      }
      return count == 1
        ? .raw("HTTP/1.1 429 Too Many\r\nRetry-After: \(seconds)\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
        : .answer(200, "")
    }
    scene.fail(["1", "2"])
    let gate = scene.gate(server)
    let plan = try Self.started(scene, gate, ["1", "2"])
    if seconds > 60 {
      #expect(await waitUntil { gate.runState(of: plan.intent)?.note?.hasPrefix("the server asks to wait") == true })
      gate.cancel(intent: plan.intent)
    }
    let names = try await scene.outcomes(gate, plan).map(\.outcome.name)
    #expect(names == ["refused", seconds > 60 ? "cancelled" : "not observed"])
    if seconds < 60 { #expect(times.withLock { $0[1] - $0[0] } >= .milliseconds(900)) }
  }

  @Test("a run may be slower than the configured rate, but not faster")
  func pace() throws {
    let scene = try Self.scene { ($0.rate, $0.concurrency) = (20, 4) }
    scene.fail("1")
    func pace(_ rate: Int?, _ concurrency: Int?) throws -> PreparedPlan.Pace {
      var wish = ActionRequest(.retry, scene.subjects(["1"]))
      (wish.rate, wish.concurrency) = (rate, concurrency)
      return try ActionPlanner(settings: scene.settings(), store: scene.store).plan(wish).get().pace
    }
    #expect(try pace(2, 1).rate == 2 && pace(2, 1).concurrency == 1)
    #expect(try pace(500, 64).rate == 20 && pace(500, 64).concurrency == 4)
  }

  @Test("another process can pause, resume and stop a run through the log")
  func throughTheLog() async throws {
    let scene = try Self.scene { ($0.rate, $0.concurrency, $0.expectation.within) = (1, 1, .milliseconds(10)) }
    let server = try ActionServer { _ in .answer(200, "") }
    let ids = (1...10).map(String.init)
    scene.fail(ids)
    let gate = scene.gate(server)
    let plan = try Self.started(scene, gate, ids)
    func ask(_ control: RunControl) throws {
      let record = ActionRecord(
        intent: plan.intent, action: .retry, context: "test", subject: "", operator: .init(name: "bob"), reason: "wait",
        intendedAt: SystemClock.now())
      try AuditLog(.init(path: scene.audit)).control(control, record)
    }
    try ask(.pause)
    #expect(await waitUntil { gate.runState(of: plan.intent)?.pause == "bob asked to pause: wait" })
    let sent = server.requests.count
    #expect(sent < 10 && KeptPlan.isRunning(plan.intent, beside: .init(path: scene.audit)))
    try ask(.resume)
    #expect(await waitUntil { server.requests.count > sent })
    try ask(.stop)
    let records = try await scene.outcomes(gate, plan)
    #expect(records.count { $0.outcome == .cancelled } == 10 - server.requests.count && server.requests.count < 10)
    var reader = AuditReader(path: scene.audit)
    #expect(try reader.read().get().count > 0 && reader.damages.isEmpty)
    #expect(reader.runs.map(\.count) == [10] && reader.runs[0].control?.control == .stop)
  }

  @Test("the log contains a run's plan: subjects, exclusions, confirmation and program version")
  func kept() async throws {
    let scene = try Self.scene { $0.expectation.within = .milliseconds(10) }
    let server = try ActionServer { _ in .answer(200, "") }
    scene.fail(["1", "2"])
    scene.publish("created", "3")
    let gate = scene.gate(server) { $0.version = "9.9" }
    var wish = ActionRequest(.retry, scene.subjects(["1", "2", "3"]), reason: "because")
    wish.filterText = "status:failed"
    let plan = try gate.plan(wish).get()
    #expect(KeptPlan.read(plan.intent, beside: .init(path: scene.audit)) == nil)
    #expect(gate.run(plan, answer: .yes) == nil)
    _ = try await scene.outcomes(gate, plan)
    let kept = try #require(KeptPlan.read(plan.intent, beside: .init(path: scene.audit)))
    #expect(kept.items.map(\.name) == ["order/1", "order/2"] && kept.exclusions.map(\.id) == ["3"])
    #expect(kept.filter == "status:failed" && kept.version == "9.9" && kept.run.reason == "because")
    #expect(kept.apis == ["shop=\(server.url)"])
    let form = KeptRequest(secrets: [], apis: [ActionAPI(name: "shop", url: server.url)])
    let request = RunFolder(.init(path: scene.audit)).request(
      kept.items[0].digest, form, timeout: .seconds(1), mask: { $0 })
    #expect(request?.lines.first == "POST \(server.url)/retry/1")
    #expect(KeptPlan.read("../audit.jsonl", beside: .init(path: scene.audit)) == nil)
  }
}
