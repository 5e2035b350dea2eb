import Testing

@testable import Core
@testable import TUI

@Suite("Pods on the screen")
struct PodsViewTests {
  /// Three pods of the payment service: a killed one, one of a new version with an image pull error, and a healthy one.
  private static func pods() -> PodState {
    var pods = PodState()
    func pod(_ name: String, _ revision: String, _ change: (inout Pod) -> Void) -> PodSample.Change {
      var pod = Pod(id: .init(namespace: "shop", name: name))
      (pod.service, pod.phase, pod.isReady, pod.version) = ("payment-service", .running, true, "1.4")
      (pod.createdAt, pod.revision, pod.node) = (Fixture.now - .seconds(90_000), revision, "worker-1")
      change(&pod)
      return .pod(pod)
    }
    let killed = pod("node-3", "a") { pod in
      (pod.isReady, pod.restarts, pod.waiting) = (false, 3, .init("CrashLoopBackOff"))
      pod.termination = .init("OOMKilled", exitCode: 137, finishedAt: Fixture.now - .seconds(40))
    }
    let new = pod("payment-9c1-x\u{1b}[31m", "b") { pod in
      (pod.isReady, pod.phase, pod.version, pod.node) = (false, .pending, "1.5", nil)
      pod.waiting = .init("ImagePullBackOff", message: "no such image \u{7}")
      pod.createdAt = Fixture.now - .seconds(95)
    }
    pods.note(PodSample(time: Fixture.now - .seconds(2), changes: [killed, new, pod("node-1", "a") { _ in }]))
    return pods
  }

  private static var source: Fixture {
    var source = Fixture()
    let pods = pods()
    let place = source.services.firstIndex { $0.name == "payment-service" } ?? 0
    source.services[place].pods = pods.service("payment-service", now: Fixture.now)
    for index in source.nodeView.window.rows.indices {
      source.nodeView.window.rows[index].pod = pods.pod(
        named: source.nodeView.window.rows[index].node, now: Fixture.now)
    }
    return source
  }

  @Test(
    "services, their page and nodes show the recorded pods",
    arguments: [("pods-services", "6"), ("pods-service", "6\r"), ("pods-nodes", "7")])
  func screen(name: String, keys: String) {
    let scene = Scene(name, keys.map { $0 == "\r" ? .enter : .character($0) }, source: Self.source)
    var text = ""
    for size in scene.sizes {
      let hasRoles = size == scene.sizes[0]
      text += Golden.picture(scene.frame(size: size, glyphs: .unicode), hasRoles: hasRoles) + "\n"
    }
    #expect(!text.unicodeScalars.contains("\u{1b}"))
    Golden.check(text, name)
  }
}
