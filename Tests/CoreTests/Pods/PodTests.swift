import Testing

@testable import Core

@Suite("Pods")
struct PodTests {
  private let start = Timestamp(milliseconds: 1_769_508_000_000)

  private func pod(_ name: String, at second: Int64 = 0, _ change: (inout Pod) -> Void = { _ in }) -> Pod {
    var pod = Pod(id: .init(namespace: "shop", name: name))
    (pod.service, pod.phase, pod.isReady, pod.version) = ("payment-service", .running, true, "1.4")
    pod.createdAt = start + .seconds(second)
    change(&pod)
    return pod
  }

  private func killed(_ name: String, at second: Int64, restarts: Int, isLooping: Bool = true) -> Pod {
    pod(name) { pod in
      (pod.isReady, pod.restarts) = (false, restarts)
      pod.termination = .init("OOMKilled", exitCode: 137, finishedAt: start + .seconds(second))
      if isLooping { pod.waiting = .init("CrashLoopBackOff") }
    }
  }

  private func state(_ samples: (Int64, [PodSample.Change])...) -> PodState {
    var state = PodState()
    for (second, changes) in samples { state.note(PodSample(time: start + .seconds(second), changes: changes)) }
    return state
  }

  private func view(_ state: PodState, _ second: Int64) throws -> ServicePods {
    try #require(state.service("payment-service", now: start + .seconds(second)))
  }

  @Test("a repeatedly killed pod is reported with the count and the last time")
  func killedOften() throws {
    let state = state(
      (100, [.pod(killed("payment-7f9", at: 100, restarts: 1))]),
      (140, [.pod(killed("payment-7f9", at: 140, restarts: 2))]),
      (141, [.pod(killed("payment-7f9", at: 140, restarts: 2))]),
      (200, [.pod(killed("payment-7f9", at: 200, restarts: 3))]))
    let pods = try view(state, 240)
    #expect(pods.pods[0].trouble == "was OOMKilled 3 times in 10 min, last 40s ago, CrashLoopBackOff")
    #expect(pods.pods[0].state == .failing && pods.count == "0/1" && pods.restarts == 3)
  }

  @Test(
    "each problem is reported in a sentence",
    arguments: [
      ("ready", nil), ("starting", nil), ("slow", "is not ready for 2m00s"),
      ("image", "waits: ImagePullBackOff: no such tag"),
      ("unscheduled", "finds no node: 0/3 nodes are available: insufficient memory"),
      ("evicted", "is Evicted: the node was low on resource: memory"),
      ("exit", "ended with exit code 1 20s ago, 4 restarts"),
      ("old", nil), ("done", nil),
    ] as [(String, String?)])
  func troubles(name: String, trouble: String?) throws {
    let ends: [String: Pod.Termination] = [
      "exit": .init("Error", exitCode: 1, finishedAt: start + .seconds(100)),
      "old": .init("OOMKilled", exitCode: 137, finishedAt: start - .seconds(3000)),
    ]
    let pod = pod(name, at: name == "starting" ? 100 : 0) { pod in
      pod.isReady = !["starting", "slow", "image", "unscheduled", "evicted"].contains(name)
      switch name {
      case "image": pod.waiting = .init("ImagePullBackOff", message: "no such tag")
      case "unscheduled":
        (pod.phase, pod.unschedulable) = (.pending, "0/3 nodes are available: insufficient memory")
      case "evicted":
        (pod.phase, pod.reason, pod.message) = (.failed, "Evicted", "the node was low on resource: memory")
      case "exit", "old": (pod.termination, pod.restarts) = (ends[name], 4)
      case "done": (pod.phase, pod.isReady) = (.succeeded, false)
      default: break
      }
    }
    let second: Int64 = ["starting", "exit"].contains(name) ? 110 : 0
    #expect(try view(state((second, [.pod(pod)])), 120).pods[0].trouble == trouble)
  }

  @Test(
    "an end that lies ahead by seconds is one of now, and one that lies further ahead is not used",
    arguments: [(0, true), (5, true), (60, true), (61, false), (7200, false), (1_000_000_000, false)] as [(Int64, Bool)]
  )
  func future(ahead: Int64, isUsed: Bool) throws {
    let killed = killed("a", at: 200 + ahead, restarts: 1, isLooping: false)
    let seen = try view(state((200, [.pod(killed)])), 200).pods[0]
    #expect(seen.diedAt == (isUsed ? start + .seconds(200) : nil))
    #expect(seen.trouble == (isUsed ? "was OOMKilled (exit code 137) 0.0s ago" : "is not ready for 0.0s"))
    // A container that does not run has ended, even if the time is unknown.
    let looping = self.killed("a", at: 200 + ahead, restarts: 1)
    let other = try view(state((200, [.pod(looping)])), 200).pods[0]
    #expect(other.state == .failing && other.trouble?.hasPrefix("was OOMKilled") ?? false)
    #expect(other.diedAt == (isUsed ? start + .seconds(200) : nil))
  }

  @Test("an end that lies ahead is one end, also after its time has come, and is forgotten as others are")
  func futureOnce() throws {
    let looping = killed("a", at: 500, restarts: 1)
    let reports = [200, 400, 510].map { (Int64($0), [PodSample.Change.pod(looping)]) }
    let trouble = "was OOMKilled (exit code 137), CrashLoopBackOff"
    #expect(try view(state(reports[0]), 200).pods[0].trouble == trouble)
    #expect(try view(state(reports[0], reports[1], reports[2]), 510).pods[0].trouble == trouble)
    var running = looping
    (running.waiting, running.isReady) = (nil, true)
    let later: (Int64, [PodSample.Change]) = (900, [.pod(running)])
    #expect(try view(state(reports[0], later), 900).pods[0].trouble == nil)
  }

  @Test("a pod whose creation lies ahead is not new for ever")
  func unborn() throws {
    let pod = pod("a", at: 7200) { $0.isReady = false }
    #expect(try view(state((0, [.pod(pod)])), 120).pods[0].state == .notReady)
  }

  @Test("pods of a new version next to those of an old one are a rollout, until the old ones are gone")
  func rollout() throws {
    func of(_ revision: String, _ name: String, ready: Bool, at second: Int64) -> Pod {
      pod(name, at: second) { pod in
        (pod.revision, pod.version, pod.isReady) = (revision, revision == "a" ? "1.3" : "1.4", ready)
      }
    }
    let old = (1...2).map { PodSample.Change.pod(of("a", "old-\($0)", ready: true, at: 0)) }
    let new = (1...3).map { PodSample.Change.pod(of("b", "new-\($0)", ready: $0 == 1, at: 50)) }
    var state = state((60, old + new))
    #expect(try view(state, 61).rollout?.phrase == "rolling out 1.4: 1 of 3 ready, 2 of 1.3 left")
    state.note(
      PodSample(
        time: start + .seconds(70), changes: [.all((1...3).map { .init(namespace: "shop", name: "new-\($0)") })]))
    let after = try view(state, 71)
    #expect(after.rollout == nil && after.members.count == 3 && after.pods.count == 5)
    #expect(after.pods.last?.trouble == "is gone")
  }

  @Test("deleted pods are forgotten after a while, and the number of pods is limited")
  func bounds() {
    var state = PodState()
    let many = (0..<PodState.most + 5).map { number in
      PodSample.Change.pod(pod("p\(number)") { $0.service = "s\(number % 7)" })
    }
    state.note(PodSample(time: start, changes: many))
    #expect(state.records.count == PodState.most && state.dropped == 5)
    state.note(PodSample(time: start + .seconds(1), changes: [.all([])]))
    #expect(state.records.count < 1000 && state.records.values.allSatisfy { $0.goneAt != nil })
    state.note(PodSample(time: start + .seconds(2000), changes: []))
    #expect(state.isEmpty && state.services.isEmpty)
  }

  @Test("a pod that returns with the same name is the same pod; a changed service moves it")
  func renamed() throws {
    var state = state((0, [.pod(pod("a"))]), (5, [.gone(.init(namespace: "shop", name: "a"))]), (9, [.pod(pod("a"))]))
    #expect(try view(state, 10).pods[0].state == .ready)
    state.note(PodSample(time: start + .seconds(11), changes: [.pod(pod("a") { $0.service = "other" })]))
    #expect(state.service("payment-service", now: start + .seconds(12)) == nil && state.services == ["other"])
  }
}
