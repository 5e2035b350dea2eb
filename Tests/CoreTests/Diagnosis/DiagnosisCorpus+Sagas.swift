@testable import Core

extension DiagnosisCorpus {
  static let steps: [DiagnosisCase] = [
    .init(
      name: "the step fails for others with one and the same error", first: .repeatedError,
      words: "gateway timeout after <n> ms",
      build: waiting("payment") { scene in
        for number in 0..<6 {
          scene.waits(at: "payment", since: 100 + Double(number), id: "other-\(number)", product: 3)
          let error = "gateway timeout after \(3000 + number) ms"
          scene.event("payment-failed", at: 112 + Double(number), id: "other-\(number)", error: error)
        }
        scene.allUp(at: 119)
      }),
    .init(
      name: "a business refusal", first: .stepFailed, words: "stock short: requested 2, available 0",
      build: { scene in
        scene.event("order-created", at: 100)
        scene.event("inventory-failed", at: 100.1, error: "stock short: requested 2, available 0")
        scene.event("order-cancelled", at: 100.2)
      }),
    .init(
      name: "a business refusal while some service is down", first: .stepFailed, words: "card declined",
      build: { scene in
        scene.waits(at: "payment", since: 100)
        scene.event("payment-failed", at: 100.3, error: "card declined")
        scene.event("inventory-released", at: 100.4)
        scene.event("order-cancelled", at: 100.5)
        scene.health("payment-service", at: 119, Scene.refused, Scene.refused, Scene.refused)
      }),
    .init(
      name: "a step is tried again", first: .retrying, words: "second", at: 103,
      build: { scene in
        scene.event("SagaStarted", at: 100, definition: 1)
        scene.event("SagaStepCompleted", at: 100.5, definition: 1, steps: ["payment"])
        scene.event("SagaFailed", at: 101, error: "timeout", definition: 1, steps: ["confirmation"])
        scene.event("SagaStepStarted", at: 102, definition: 1, steps: ["confirmation"])
      }),
    .init(
      name: "a coordinator repeats what was done before the failure: no step is tried again", first: .stepFailed,
      words: "timeout", at: 103,
      build: { scene in
        scene.event("SagaStarted", at: 100, definition: 1)
        scene.event("SagaStepCompleted", at: 100.5, definition: 1, steps: ["payment"])
        scene.event("SagaFailed", at: 101, error: "timeout", definition: 1, steps: ["confirmation"])
        scene.event("SagaStepCompleted", at: 102, definition: 1, steps: ["payment"])
      }),
    .init(
      name: "the input of a service that failed comes again", first: .retrying, words: "second", at: 103,
      build: { scene in
        scene.event("order-created", at: 100)
        scene.event("inventory-failed", at: 101, error: "timeout")
        scene.event("order-created", at: 102)
      }),
    .init(
      name: "the step is slow for all", first: .slowStep, words: "usually", at: 123,
      build: { scene in
        scene.usual()
        for number in 0..<8 { scene.completed("slow-\(number)", at: 110 + Double(number), inventory: 3, product: 3) }
        scene.waits(at: "inventory", since: 120)
        scene.allUp(at: 122)
      }),
    .init(
      name: "a completed saga was slow at one step", first: .slowStep, words: "inventory took 3.0 s",
      build: { scene in
        scene.usual()
        for number in 0..<8 { scene.completed("slow-\(number)", at: 90 + Double(number), inventory: 3, product: 3) }
        scene.completed("1", at: 99, inventory: 3)
      }),
    .init(
      name: "a completed saga at its usual pace, beside slow ones", first: nil, at: 110,
      build: { scene in
        scene.usual()
        for number in 0..<8 { scene.completed("slow-\(number)", at: 90 + Double(number), inventory: 3) }
        scene.completed("1", at: 105)
      }),
    .init(name: "nothing is wrong with anything", first: nil, at: 102, build: { $0.completed("1", at: 100) }),
    .init(
      name: "stuck, and nothing explains it", first: .nothingFound, words: "everything that is watched looks well",
      build: waiting("payment") { scene in
        scene.allUp(at: 119)
        scene.groups(at: 119, .init(name: "payment-service", topic: "inventory-reserved", committed: 20, end: 20))
        scene.store.accept(SourceStatus(.redis, phase: .up))
      }),
    .init(
      name: "stuck, and nobody watches what it needs", first: .nothingFound, words: "is not configured",
      at: 140,
      build: { scene in
        scene.event("SagaStarted", at: 100, definition: 1)
        scene.event("SagaStepCompleted", at: 139, id: "2", definition: 1, steps: ["payment"])
      }),
    .init(
      name: "the coordinator says nothing at all", first: .orchestratorSilent, words: "booking is silent", at: 150,
      build: { scene in
        scene.event("SagaStarted", at: 100, definition: 1)
        scene.event("SagaStarted", at: 101, id: "2", definition: 1)
      }),
    .init(
      name: "the coordinator speaks of other sagas", first: .nothingFound, at: 150,
      build: { scene in
        scene.event("SagaStarted", at: 100, definition: 1)
        scene.event("SagaStarted", at: 149, id: "2", definition: 1)
      }),
  ]

  static let compensations: [DiagnosisCase] = [
    .init(
      name: "a step could not be undone", first: .stepFailed, words: "could not be undone",
      build: { scene in
        scene.event("SagaStarted", at: 100, definition: 1)
        scene.event("SagaStepCompleted", at: 100.5, definition: 1, steps: ["payment"])
        scene.event("SagaFailed", at: 101, error: "no stock", definition: 1, steps: ["confirmation"])
        scene.event("SagaCompensationFailed", at: 102, error: "refund refused", definition: 1, steps: ["payment"])
      }),
    .init(
      name: "stock is waited for to be given back", first: .awaitingCompensation,
      words: "waits for inventory to be undone", at: 125,
      build: { scene in
        scene.waits(at: "payment", since: 90)
        scene.event("payment-failed", at: 90.3, error: "card declined")
        scene.event("order-cancelled", at: 90.4)
        scene.allUp(at: 124)
      }),
    .init(
      name: "the service that must undo the step is down", first: .serviceDown, words: "inventory-service is down",
      at: 118,
      build: { scene in
        scene.waits(at: "payment", since: 80)
        scene.event("payment-failed", at: 80.3, error: "card declined")
        scene.event("order-cancelled", at: 80.4)
        scene.health("inventory-service", at: 117, Scene.refused, Scene.refused, Scene.refused)
      }),
    .init(
      name: "being rolled back, and not late: the failure itself", first: .stepFailed, words: "card declined", at: 101,
      build: { scene in
        scene.waits(at: "payment", since: 100)
        scene.event("payment-failed", at: 100.3, error: "card declined")
      }),
  ]

  static let ends: [DiagnosisCase] = [
    .init(
      name: "the payment succeeds after all was undone", first: .lateSuccess, words: "payment-completed at",
      build: { scene in
        scene.waits(at: "payment", since: 100)
        scene.event("payment-failed", at: 100.3, error: "timeout")
        scene.event("inventory-released", at: 100.4)
        scene.event("order-cancelled", at: 100.5)
        scene.event("payment-completed", at: 103)
      }),
    .init(
      name: "a failure comes after the end", first: .lateFailure, words: "payment failed after the saga had ended",
      build: { scene in
        scene.completed("1", at: 100)
        scene.event("payment-failed", at: 110, error: "timeout")
      }),
    .init(
      name: "a coordinator tells two ends", first: .contradictingEnd, words: "SagaCompleted",
      build: { scene in
        scene.event("SagaStarted", at: 100, definition: 1)
        scene.event("SagaStepCompleted", at: 100.5, definition: 1, steps: ["payment"])
        scene.event("SagaStepCompleted", at: 100.6, definition: 1, steps: ["confirmation"])
        scene.event("SagaCompleted", at: 101, definition: 1)
        scene.event("SagaCompensated", at: 102, definition: 1)
      }),
    .init(
      name: "all is undone, and the coordinator has not said that it is over", first: .endMissing,
      words: "no step is left to be undone", at: 140,
      build: { scene in
        scene.event("SagaStarted", at: 100, definition: 1)
        scene.event("SagaStepCompleted", at: 100.5, definition: 1, steps: ["payment"])
        scene.event("SagaFailed", at: 101, error: "no seat", definition: 1, steps: ["confirmation"])
        scene.event("SagaStepCompensated", at: 101.5, definition: 1, steps: ["payment"])
        scene.event("SagaStarted", at: 139, id: "2", definition: 1)
      }),
    .init(
      name: "a correlation id is read as the id of events", first: .sharedEventIDs, words: "does not name one event",
      at: 104,
      build: { scene in
        scene.event("order-created", at: 100, fingerprint: 7)
        scene.event("inventory-reserved", at: 100.3, fingerprint: 7)
        scene.event("payment-completed", at: 100.6, fingerprint: 7)
        scene.event("delivery-completed", at: 101, fingerprint: 7)
      }),
    .init(
      name: "the id of a customer joins two orders", first: .joinedIDs, words: "which customerId c joins", at: 104,
      build: { scene in
        let customer = [SagaKey(identity: 1, value: "c")]
        scene.event("order-created", at: 100, more: customer)
        scene.event("order-created", at: 100.3, id: "2", more: customer)
        scene.event("inventory-reserved", at: 100.5, more: customer)
        scene.event("payment-completed", at: 100.7, more: customer)
        scene.event("delivery-completed", at: 101, more: customer)
      }),
    .init(
      name: "a person thinks while the service is down", first: .awaitingPerson, words: "waits for a person", at: 4000,
      build: { scene in
        scene.event("Asked", at: 100, definition: 2)
        scene.health("payment-service", at: 3999, Scene.refused, Scene.refused, Scene.refused)
      }),
  ]

  static let times: [DiagnosisCase] = [
    .init(
      name: "a step ended before the one that it follows", first: .clockSkew, words: "clocks differ", at: 106,
      build: { scene in
        scene.event("order-created", at: 104)
        scene.event("inventory-reserved", at: 104.5)
        scene.event("payment-completed", at: 101, node: "node-2")
        scene.event("delivery-completed", at: 105)
      }),
    .init(
      name: "an event is dated in the future", first: .clockSkew, words: "in the future", at: 101,
      build: { $0.event("order-created", at: 130, node: "node-2") }),
    .init(
      name: "events a little out of order are no skew", first: nil, at: 102,
      build: { scene in
        scene.event("order-created", at: 100)
        scene.event("payment-completed", at: 100.3)
        scene.event("inventory-reserved", at: 100.4)
        scene.event("delivery-completed", at: 101)
      }),
  ]
}
