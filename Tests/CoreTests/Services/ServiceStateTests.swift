import Testing

@testable import Core

@Suite("Services over time")
struct ServiceStateTests {
  typealias Scene = ServiceScenario

  @Test("before the first poll the state is unknown, and the reason says so")
  func before() {
    let scene = Scene()
    #expect(scene.row.verdict == .unknown && scene.row.reason == "not asked yet")
    #expect(scene.row.since == nil && scene.row.uptime == nil && scene.row.latency == nil)
    #expect(scene.state.count(now: scene.now) == HeaderView.Services(up: 0, total: 1))
  }

  @Test("the start of an outage is known if the service was seen up before, otherwise it is a lower bound")
  func since() {
    var scene = Scene()
    scene.read(Scene.refused)
    #expect(scene.row.since == Since(scene.now, isAtLeast: true))
    scene.read(Scene.answer())
    scene.read(Scene.refused)
    let down = scene.now
    scene.read(.failed("timed out"))
    #expect(scene.row.since == Since(down))
    #expect(scene.row.reason == "timed out")
    #expect(scene.instance.changes.map(\.verdict) == [.down, .up, .down])
  }

  @Test("one of three instances down makes the service degraded, and its node is named")
  func partly() {
    var scene = Scene(instances: 3)
    scene.read(Scene.answer(), Scene.refused, Scene.answer())
    #expect(scene.row.verdict == .degraded)
    #expect(scene.row.reason == "1 of 3 instances is down: node-2: connection refused")
    scene.read(Scene.refused, Scene.refused, Scene.refused)
    #expect(scene.row.verdict == .down)
    #expect(scene.row.reason.hasPrefix("all 3 instances are down: "))
  }

  @Test("while an instance is not polled yet, the verdict has no start time")
  func firstRound() {
    var scene = Scene(instances: 2)
    scene.read(Scene.refused)
    #expect(scene.row.verdict == .degraded && scene.row.since == nil)
    scene.read(Scene.refused, Scene.refused)
    #expect(scene.row.verdict == .down && scene.row.since == Since(scene.now, isAtLeast: true))
  }

  @Test("slower than the limit is degraded; fast again is up")
  func limit() {
    var scene = Scene(slow: .milliseconds(200))
    scene.read(Scene.answer(latency: .milliseconds(201)))
    #expect(scene.row.verdict == .degraded)
    #expect(scene.row.reason == "slow: answered in 201 ms, the limit is 200 ms")
    scene.read(Scene.answer(latency: .milliseconds(200)))
    #expect(scene.row.verdict == .up)
  }

  @Test("slower than three times the usual p99 is degraded, once it is known and until the slowness becomes usual")
  func usual() {
    var scene = Scene()
    scene.read(Scene.answer(latency: .seconds(1)))
    #expect(scene.row.verdict == .up)
    scene = Scene()
    for _ in 0..<60 { scene.read(Scene.answer(latency: .milliseconds(50))) }
    scene.read(Scene.answer(latency: .milliseconds(140)))
    #expect(scene.row.verdict == .up)
    for _ in 0..<60 {
      scene.read(Scene.answer(latency: .milliseconds(800)))
      #expect(scene.row.verdict == .degraded)
    }
    #expect(scene.row.reason.hasPrefix("slow: answered in 800 ms, 99 % of its answers take up to"))
    for _ in 0..<10 { scene.read(Scene.answer(latency: .milliseconds(800))) }
    #expect(scene.row.verdict == .up)
  }

  @Test("a few milliseconds are not slow, regardless of the usual latency")
  func floor() {
    var scene = Scene()
    for _ in 0..<60 { scene.read(Scene.answer(latency: .milliseconds(1))) }
    scene.read(Scene.answer(latency: .milliseconds(90)))
    #expect(scene.row.verdict == .up)
  }

  @Test(
    "a certificate that expires within two weeks is reported",
    arguments: [(13, "13 days"), (1, "1 day"), (0, "within a day")])
  func certificate(days: Int, text: String) {
    var scene = Scene()
    let end = Scene.start + .seconds(days * 86_400 + 3600)
    scene.read(Scene.answer(certificateEnd: end))
    #expect(scene.row.verdict == .degraded)
    #expect(scene.row.reason.contains(text))
    scene.read(Scene.answer(certificateEnd: Scene.start + .seconds(15 * 86_400)))
    #expect(scene.row.verdict == .up)
  }

  @Test("flapping is reported after four changes within five minutes, and cleared afterwards")
  func flapping() {
    var scene = Scene()
    for _ in 0..<2 {
      scene.read(Scene.answer())
      scene.read(Scene.refused)
    }
    #expect(!scene.row.isFlapping)
    scene.read(Scene.answer())
    #expect(scene.row.isFlapping && scene.instance.isFlapping)
    for _ in 0..<160 { scene.read(Scene.answer()) }
    #expect(!scene.row.isFlapping)
  }

  @Test("uptime is the share of successful polls in the last hour")
  func uptime() {
    var scene = Scene()
    for _ in 0..<9 { scene.read(Scene.answer()) }
    scene.read(Scene.refused)
    #expect(scene.row.uptime == 0.9)
    for _ in 0..<1830 { scene.read(Scene.answer()) }
    #expect(scene.row.uptime == 1)
  }

  @Test("an impossible poll is unknown and does not affect the uptime")
  func notAsked() {
    var scene = Scene()
    scene.read(Scene.answer())
    scene.read(.notAsked("the CA file cannot be read"))
    #expect(scene.row.verdict == .unknown && scene.row.uptime == 1)
    #expect(scene.instance.latency == nil && scene.instance.history == [5, nil])
    #expect(scene.instance.answer != nil)
  }

  @Test("an old sample is not shown as fresh")
  func stale() {
    var scene = Scene()
    scene.read(Scene.answer())
    scene.now = scene.now + .seconds(30)
    #expect(scene.row.verdict == .unknown)
    #expect(scene.row.reason == "not read for 30s; before that: says UP")
  }

  @Test("a circuit breaker keeps the start time of its state")
  func circuits() {
    func body(_ state: String) -> ServiceSample.Outcome { Scene.answer(#"{"pay":{"state":"\#(state)"}}"#) }
    var scene = Scene()
    scene.read(body("closed"))
    #expect(scene.row.circuits.first?.since?.isAtLeast == true)
    scene.read(body("open"))
    let opened = scene.now
    scene.read(body("open"))
    #expect(scene.row.circuits.first?.since == Since(opened))
    #expect(scene.row.circuits.first?.state == .open && scene.row.verdict == .degraded)
  }

  @Test("services in trouble come first, and samples of unknown services are ignored")
  func order() throws {
    let names = ["a", "b", "c", "d"]
    var state = ServiceState(names.map { ServiceDefinition(name: $0, instances: [.init(url: "http://\($0)")]) })
    let outcomes = [Scene.answer(), Scene.refused, Scene.answer(status: 401), Scene.answer(#"{"status":"warn"}"#)]
    for (name, outcome) in zip(names, outcomes) {
      state.note(ServiceSample(service: name, instance: 0, time: Scene.start, outcome: outcome))
    }
    state.note(ServiceSample(service: "x", instance: 0, time: Scene.start, outcome: Scene.refused))
    state.note(ServiceSample(service: "a", instance: 7, time: Scene.start, outcome: Scene.refused))
    let rows = state.rows(now: Scene.start)
    let list = ServiceList(ServiceQuery(limit: 3).window(of: rows, now: Scene.start), of: rows)
    #expect(list.services.map(\.name) == ["b", "d", "c"] && list.total == 4)
    #expect(list.counts == [.up: 1, .down: 1, .unknown: 1, .degraded: 1])
    let query = ServiceQuery(filter: try Filter(parsing: "id:d", for: ServiceLine.vocabulary))
    #expect(query.window(of: rows, now: Scene.start).rows.map(\.service.name) == ["d"])
  }
}
