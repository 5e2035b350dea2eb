@testable import Core

extension DiagnosisCorpus {
  static let services: [DiagnosisCase] = [
    .init(
      name: "the service that the step needs is down", first: .serviceDown, words: "payment-service is down",
      build: waiting("payment") { scene in
        scene.allUp(at: 119, except: ["payment-service"])
        scene.health("payment-service", at: 119, Scene.refused, Scene.refused, Scene.refused)
      }),
    .init(
      name: "a service is down, but not the one that the step needs", first: .nothingFound,
      build: waiting("payment") { scene in
        scene.allUp(at: 119, except: ["delivery-service"])
        scene.health("delivery-service", at: 119, Scene.refused, Scene.refused, Scene.refused)
      }),
    .init(
      name: "the service was down when it was last read, long ago", first: .serviceDown,
      words: "was down when it was last read",
      build: waiting("payment") { scene in
        scene.health("payment-service", at: 60, Scene.refused, Scene.refused, Scene.refused)
      }),
    .init(
      name: "an old reading of a service that was up says nothing", first: .nothingFound,
      build: waiting("payment") { scene in scene.allUp(at: 60) }),
    .init(
      name: "the service is degraded", first: .serviceDegraded, words: "db",
      build: waiting("payment") { scene in
        let sick = ServiceScenario.answer(#"{"status":"UP","components":{"db":{"status":"DOWN"}}}"#)
        scene.health("payment-service", at: 119, sick, sick, sick)
      }),
    .init(
      name: "the service goes down and comes back", first: .serviceFlapping, words: "payment-service is flapping",
      build: waiting("payment") { scene in
        for second in stride(from: 90.0, through: 118, by: 2) {
          let outcome = Int(second) % 4 == 2 ? Scene.refused : Scene.up
          scene.health("payment-service", at: second, outcome, outcome, outcome)
        }
        scene.allUp(at: 119)
      }),
    .init(
      name: "another service flaps", first: .nothingFound,
      build: waiting("payment") { scene in
        for second in stride(from: 90.0, through: 118, by: 2) {
          let outcome = Int(second) % 4 == 2 ? Scene.refused : Scene.up
          scene.health("delivery-service", at: second, outcome, outcome, outcome)
        }
        scene.allUp(at: 119)
      }),
    .init(
      name: "a circuit of the service is open", first: .circuitOpen, words: "paymentGateway",
      build: waiting("payment") { scene in
        let open = Scene.circuit("paymentGateway", "OPEN")
        scene.allUp(at: 119, except: ["payment-service"])
        scene.health("payment-service", at: 119, open, open, open)
      }),
    .init(
      name: "a circuit of the service lets a few calls through", first: .circuitOpen, words: "half open",
      build: waiting("payment") { scene in
        let open = Scene.circuit("paymentGateway", "HALF_OPEN")
        scene.health("payment-service", at: 119, open, open, open)
      }),
    .init(
      name: "a circuit of another service is open, to something else", first: .nothingFound,
      build: waiting("payment") { scene in
        let open = Scene.circuit("carrierService", "OPEN")
        scene.allUp(at: 119, except: ["delivery-service"])
        scene.health("delivery-service", at: 119, open, open, open)
      }),
    .init(
      name: "a caller's circuit to a service that is down only speaks for it", first: .serviceDown,
      build: waiting("payment") { scene in
        let open = Scene.circuit("paymentService", "OPEN")
        scene.health("order-service", at: 119, open, open, open)
        scene.health("payment-service", at: 119, Scene.refused, Scene.refused, Scene.refused)
      }),
    .init(
      name: "a service is down, but others pass the step all the time", first: .groupStalled,
      build: waiting("payment") { scene in
        scene.health("payment-service", at: 119, Scene.refused, Scene.refused, Scene.refused)
        for second in 115..<119 { scene.completed("new-\(second)", at: Double(second)) }
        for second in stride(from: 70.0, through: 119, by: 2) {
          scene.groups(
            at: second,
            .init(name: "payment-service", topic: "inventory-reserved", committed: 5, end: second < 90 ? 12 : 30))
        }
      }),
  ]

  static let groups: [DiagnosisCase] = [
    .init(
      name: "nobody reads for the step", first: .groupEmpty, words: "payment-service has no members",
      build: waiting("payment") { scene in
        scene.allUp(at: 119)
        scene.groups(
          at: 119,
          .init(name: "payment-service", topic: "inventory-reserved", state: .empty, members: 0, committed: 20, end: 21)
        )
      }),
    .init(
      name: "another group has no members", first: .unanswered,
      build: waiting("payment") { scene in
        scene.allUp(at: 119)
        scene.groups(
          at: 119,
          .init(name: "delivery-service", topic: "payment-completed", state: .empty, members: 0, committed: 3, end: 21),
          .init(name: "payment-service", topic: "inventory-reserved", committed: 21, end: 21))
      }),
    .init(
      name: "a group without members had read the message before", first: .unanswered,
      build: waiting("payment") { scene in
        scene.allUp(at: 119)
        scene.groups(
          at: 119,
          .init(name: "payment-service", topic: "inventory-reserved", state: .empty, members: 0, committed: 21, end: 25)
        )
      }),
    .init(
      name: "an old reading of an empty group is named stale", first: .groupEmpty, at: 160,
      build: waiting("payment") { scene in
        scene.groups(
          at: 119,
          .init(name: "payment-service", topic: "inventory-reserved", state: .empty, members: 0, committed: 20, end: 21)
        )
      }),
    .init(
      name: "the group's commits stand still", first: .groupStalled, words: "the commit stands", at: 150,
      build: waiting("payment") { scene in
        for second in stride(from: 90.0, through: 149, by: 2) {
          scene.groups(
            at: second,
            .init(name: "payment-service", topic: "inventory-reserved", committed: 5, end: second < 100 ? 20 : 30))
        }
      }),
    .init(
      name: "another partition of the group stands still", first: .unanswered, at: 150,
      build: waiting("payment") { scene in
        for second in stride(from: 90.0, through: 149, by: 2) {
          scene.groups(
            at: second,
            .init(name: "other", topic: "inventory-reserved", partition: 1, committed: 5, end: second < 100 ? 20 : 30),
            .init(name: "payment-service", topic: "inventory-reserved", committed: 21, end: 21))
        }
      }),
    .init(
      name: "the group rebalances", first: .groupRebalancing, words: "rebalancing", at: 104,
      build: waiting("payment") { scene in
        scene.groups(
          at: 103,
          .init(
            name: "payment-service", topic: "inventory-reserved", state: .preparingRebalance, committed: 20, end: 21))
      }),
    .init(
      name: "the group is behind by ten seconds", first: .groupBehind, words: "9 of them before the saga's", at: 111,
      build: waiting("payment") { scene in
        scene.groups(at: 110, .init(name: "payment-service", topic: "inventory-reserved", committed: 11, end: 21))
      }),
    .init(
      name: "the lag is in another group", first: .nothingFound,
      build: waiting("payment") { scene in
        scene.groups(
          at: 119, .init(name: "delivery-service", topic: "payment-completed", committed: 0, end: 20))
      }),
    .init(
      name: "the saga's message was deleted before it was read", first: .groupLostMessages, words: "own message",
      build: waiting("payment") { scene in
        scene.groups(
          at: 119, .init(name: "payment-service", topic: "inventory-reserved", committed: 3, start: 25, end: 40))
      }),
    .init(
      name: "the group read the message and nothing came", first: .unanswered, words: "inventory-reserved/0@20",
      build: waiting("payment") { scene in
        scene.allUp(at: 119)
        scene.groups(at: 119, .init(name: "payment-service", topic: "inventory-reserved", committed: 25, end: 25))
      }),
    .init(
      name: "a saga that is not late asks for nothing although its group is empty elsewhere", first: nil, at: 100.2,
      build: waiting("delivery") { scene in
        scene.groups(
          at: 100,
          .init(name: "payment-service", topic: "inventory-reserved", state: .empty, members: 0, committed: 20, end: 21)
        )
      }),
  ]
}
