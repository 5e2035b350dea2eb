@testable import Core

extension DiagnosisScene {
  /// Three pods of the payment service. `change` is applied to the first one or, if `others` is false, to all of them.
  func pods(at seconds: Double, _ change: (inout Pod) -> Void, others: Bool = true) {
    let pods = (1...3).map { number in
      var pod = Pod(id: .init(namespace: "shop", name: "payment-\(number)"))
      (pod.service, pod.phase, pod.isReady, pod.version) = ("payment-service", .running, number == 1 || others, "1.4")
      (pod.createdAt, pod.revision, pod.node) = (time(-900), "a", "node-\(number)")
      if number == 1 || !others { change(&pod) }
      return PodSample.Change.pod(pod)
    }
    store.accept(PodSample(time: time(seconds), changes: pods))
  }
}

extension DiagnosisCorpus {
  static let pods: [DiagnosisCase] = [
    .init(
      name: "all pods of the service are killed, and its health is down for it", first: .podDied,
      words: "payment-1 was OOMKilled (exit code 137) 15s ago, 3 restarts, CrashLoopBackOff",
      build: waiting("payment") { scene in
        scene.health("payment-service", at: 119, Scene.refused, Scene.refused, Scene.refused)
        scene.pods(
          at: 119,
          { pod in
            (pod.isReady, pod.restarts, pod.waiting) = (false, 3, .init("CrashLoopBackOff"))
            pod.termination = .init("OOMKilled", exitCode: 137, finishedAt: scene.time(105))
          }, others: false)
      }),
    .init(
      name: "one pod of three was killed while the saga waited", first: .podDied, words: "2/3 pods",
      build: waiting("payment") { scene in
        scene.allUp(at: 119)
        scene.pods(at: 119) { pod in
          (pod.isReady, pod.restarts) = (false, 1)
          pod.termination = .init("OOMKilled", exitCode: 137, finishedAt: scene.time(105))
        }
      }),
    .init(
      name: "no pod finds its image", first: .podNotStarting, words: "ImagePullBackOff",
      build: waiting("payment") { scene in
        scene.pods(
          at: 119, { ($0.isReady, $0.phase, $0.waiting) = (false, .pending, .init("ImagePullBackOff")) }, others: false)
      }),
    .init(
      name: "a new version is not ready beside the old one", first: .rolloutUnderWay,
      words: "payment-service is rolling out 1.5: 0 of 1 ready, 2 of 1.4 left",
      build: waiting("payment") { scene in
        scene.store.accept(SourceStatus(.redis, phase: .up))
        scene.pods(at: 119) { pod in
          (pod.isReady, pod.revision, pod.version, pod.createdAt) = (false, "b", "1.5", scene.time(100))
        }
      }),
    .init(
      name: "a pod that died long before the saga came explains nothing", first: .nothingFound,
      build: waiting("payment") { scene in
        scene.allUp(at: 119)
        scene.groups(at: 119, .init(name: "payment-service", topic: "inventory-reserved", committed: 20, end: 20))
        scene.pods(at: 119) { pod in
          pod.restarts = 1
          pod.termination = .init("OOMKilled", exitCode: 137, finishedAt: scene.time(-400))
        }
      }),
    .init(
      name: "pods that have restarted often, the last time before the saga came, explain nothing", first: .nothingFound,
      build: waiting("payment") { scene in
        scene.allUp(at: 119)
        scene.groups(at: 119, .init(name: "payment-service", topic: "inventory-reserved", committed: 20, end: 20))
        scene.pods(
          at: 119,
          { pod in
            (pod.isReady, pod.restarts) = (true, 17)
            pod.termination = .init("OOMKilled", exitCode: 137, finishedAt: scene.time(60))
          }, others: false)
      }),
    .init(
      name: "a pod of a service that does another step explains nothing", first: .nothingFound,
      build: waiting("payment") { scene in
        scene.allUp(at: 119)
        scene.groups(at: 119, .init(name: "payment-service", topic: "inventory-reserved", committed: 20, end: 20))
        scene.pods(
          at: 119,
          { pod in
            (pod.isReady, pod.service, pod.waiting) = (false, "delivery-service", .init("CrashLoopBackOff"))
            pod.termination = .init("OOMKilled", exitCode: 137, finishedAt: scene.time(110))
          }, others: false)
      }),
    .init(
      name: "a saga that is not late is told of no pod", first: nil, at: 101,
      build: { scene in
        scene.usual()
        scene.waits(at: "payment", since: 100.8)
        scene.pods(at: 100.9) { pod in
          (pod.isReady, pod.waiting) = (false, .init("CrashLoopBackOff"))
          pod.termination = .init("OOMKilled", exitCode: 137, finishedAt: scene.time(100.85))
        }
      }),
    .init(
      name: "the job that runs the saga was killed, whatever the services' pods do", first: .podDied,
      words: "it runs the saga as the job saga-orchestrator; it is on node-9",
      build: waiting("payment") { scene in
        var pod = Pod(id: .init(namespace: "shop", name: "1"))
        (pod.phase, pod.job, pod.node, pod.createdAt) = (.failed, "saga-orchestrator", "node-9", scene.time(90))
        pod.termination = .init("OOMKilled", exitCode: 137, finishedAt: scene.time(105))
        scene.store.accept(PodSample(time: scene.time(119), changes: [.pod(pod)]))
      }),
    .init(
      name: "a saga that completed beside a death is well", first: nil, at: 102,
      build: { scene in
        scene.completed("1", at: 100)
        scene.pods(at: 101) { pod in
          (pod.isReady, pod.waiting) = (false, .init("CrashLoopBackOff"))
          pod.termination = .init("OOMKilled", exitCode: 137, finishedAt: scene.time(100.4))
        }
      }),
  ]
}
