@testable import Core

extension DiagnosisCorpus {
  static let calls: [DiagnosisCase] = [
    .init(
      name: "a service that the step calls fails again and again", first: .callFailed,
      words: "payment-service called user-service: HTTP 503 after 2.0 s; GET /users/7, 2 times, the last 15s ago",
      build: waiting("payment") { scene in
        scene.allUp(at: 119)
        scene.traced(
          [
            scene.call("payment-service", "user-service", at: 101, took: 2.04, status: 503, id: "a"),
            scene.call("payment-service", "user-service", at: 105, took: 2.04, status: 503, id: "b"),
          ], at: 119)
      }),
    .init(
      name: "of calls within calls the innermost is named", first: .callFailed, words: "gateway called user-service",
      build: waiting("payment") { scene in
        scene.allUp(at: 119)
        var inner = scene.call("gateway", "user-service", at: 101.1, took: 1, status: 500, id: "b", parent: "a")
        inner.error = "pool is empty"
        scene.traced(
          [scene.call("payment-service", "gateway", at: 101, took: 2, status: 502, id: "a"), inner], at: 119)
      }),
    .init(
      name: "a call takes all the time of the step", first: .callSlow, words: "called user-service: took 17",
      build: waiting("payment") { scene in
        scene.allUp(at: 119)
        scene.traced([scene.call("payment-service", "user-service", at: 101, took: 17, status: 200)], at: 119)
      }),
    .init(
      name: "a call that failed was made good by the next", first: .nothingFound,
      build: waiting("payment") { scene in
        scene.allUp(at: 119)
        scene.groups(at: 119, .init(name: "payment-service", topic: "inventory-reserved", committed: 20, end: 20))
        scene.traced(
          [
            scene.call("payment-service", "user-service", at: 101, took: 0.1, status: 503, id: "a"),
            scene.call("payment-service", "user-service", at: 102, took: 0.1, status: 200, id: "b"),
          ], at: 119)
      }),
    .init(
      name: "a call of a step that is done explains nothing of the next", first: .nothingFound,
      build: waiting("payment") { scene in
        scene.allUp(at: 119)
        scene.groups(at: 119, .init(name: "payment-service", topic: "inventory-reserved", committed: 20, end: 20))
        scene.traced([scene.call("inventory-service", "shelf", at: 99.9, took: 0.1, status: 503)], at: 119)
      }),
    .init(
      name: "a slow call that was over before the saga came to the step explains nothing", first: .nothingFound,
      build: waiting("payment") { scene in
        scene.allUp(at: 119)
        scene.groups(at: 119, .init(name: "payment-service", topic: "inventory-reserved", committed: 20, end: 20))
        scene.traced([scene.call("payment-service", "user-service", at: 60, took: 30, status: 200)], at: 119)
      }),
    .init(
      name: "a slow call that another step's service makes beside it explains nothing", first: .nothingFound,
      build: waiting("payment") { scene in
        scene.allUp(at: 119)
        scene.groups(at: 119, .init(name: "payment-service", topic: "inventory-reserved", committed: 20, end: 20))
        scene.traced([scene.call("order-service", "mail", at: 100.5, took: 18, status: 200)], at: 119)
      }),
    .init(
      name: "a call that was refused within one that failed does not hide it", first: .callFailed,
      words: "payment-service called gateway: HTTP 502",
      build: waiting("payment") { scene in
        scene.allUp(at: 119)
        scene.traced(
          [
            scene.call("payment-service", "gateway", at: 101, took: 2, status: 502, id: "a"),
            scene.marked(scene.call("gateway", "discounts", at: 101.1, took: 0.002, status: 404, id: "b", parent: "a")),
          ], at: 119)
      }),
    .init(
      name: "a call that was refused, and right after it the step failed", first: .callFailed,
      words: "payment-service called cards: HTTP 402",
      build: { scene in
        scene.waits(at: "payment", since: 100)
        scene.event("payment-failed", at: 101)
        scene.event("inventory-released", at: 101.1)
        scene.event("order-cancelled", at: 101.2)
        scene.traced(
          [scene.marked(scene.call("payment-service", "cards", at: 100.5, took: 0.4, status: 402))], at: 119)
      }),
    .init(
      name: "a saga that is not late is told of no call, failed or slow", first: nil, at: 101,
      build: { scene in
        scene.usual()
        scene.waits(at: "payment", since: 100.8)
        scene.traced(
          [
            scene.call("payment-service", "user-service", at: 100.81, took: 0.05, status: 503, id: "a"),
            scene.call("payment-service", "shelf", at: 99.9, took: 1.05, status: 200, id: "b"),
          ], at: 100.9)
      }),
    .init(
      name: "a completed saga with a failed call is well", first: nil, at: 102,
      build: { scene in
        scene.completed("1", at: 100)
        scene.traced([scene.call("payment-service", "user-service", at: 100.1, took: 0.1, status: 503)], at: 101)
      }),
  ]
}
