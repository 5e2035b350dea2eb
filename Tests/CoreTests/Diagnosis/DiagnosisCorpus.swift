import Testing

@testable import Core

/// A situation as it would be observed, and the cause that comes first.
struct DiagnosisCase: Sendable, CustomTestStringConvertible {
  var name: String
  /// `nil` where nothing is to be explained.
  var first: CauseKind?
  /// Part of the first cause's sentence or evidence.
  var words = ""
  var id = "1"
  /// The second at which it is asked.
  var at = 120.0
  var build: @Sendable (DiagnosisScene) -> Void

  var testDescription: String { name }
}

typealias Scene = DiagnosisScene

enum DiagnosisCorpus {
  static let all = services + groups + messages + locks + nodes + brokers + steps + compensations + times

  /// Sagas wait since second 100 and are asked about at 120, unless told otherwise.
  private static func waiting(_ step: String, _ more: @escaping @Sendable (Scene) -> Void) -> @Sendable (Scene) -> Void
  {
    { scene in
      scene.usual()
      scene.waits(at: step, since: 100)
      more(scene)
    }
  }

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

  static let messages: [DiagnosisCase] = [
    .init(
      name: "the group stands at a message that nobody can read", first: .poisonMessage,
      words: "inventory-reserved/0@20",
      build: { scene in
        scene.usual()
        scene.unreadable("inventory-reserved", at: 99)
        scene.waits(at: "payment", since: 100)
        scene.allUp(at: 119)
        scene.groups(at: 119, .init(name: "payment-service", topic: "inventory-reserved", committed: 20, end: 22))
      }),
    .init(
      name: "an unreadable message of another partition", first: .groupBehind,
      build: { scene in
        scene.usual()
        scene.unreadable("inventory-reserved", at: 99, partition: 1, offset: 20)
        scene.waits(at: "payment", since: 100)
        scene.groups(at: 119, .init(name: "payment-service", topic: "inventory-reserved", committed: 20, end: 21))
      }),
    .init(
      name: "an unreadable message that was passed over", first: .unanswered,
      build: { scene in
        scene.usual()
        scene.unreadable("inventory-reserved", at: 99)
        scene.waits(at: "payment", since: 100)
        scene.groups(at: 119, .init(name: "payment-service", topic: "inventory-reserved", committed: 22, end: 22))
      }),
    .init(
      name: "the group does not get past the saga's own message", first: .poisonMessage, words: "own message", at: 150,
      build: waiting("payment") { scene in
        for second in stride(from: 90.0, through: 149, by: 2) {
          scene.groups(
            at: second,
            .init(name: "payment-service", topic: "inventory-reserved", committed: 20, end: second < 102 ? 21 : 30))
        }
      }),
    .init(
      name: "a message of the saga was parked", first: .deadLetter, words: "inventory-reserved.DLT",
      build: waiting("payment") { scene in scene.event("inventory-reserved.DLT", at: 110) }),
    .init(
      name: "an unreadable message with the saga's key was parked", first: .deadLetter, words: "not JSON",
      build: waiting("payment") { scene in scene.unreadable("inventory-reserved.DLT", at: 110, key: "1") }),
    .init(
      name: "a message of another saga was parked", first: .nothingFound,
      build: waiting("payment") { scene in scene.event("inventory-reserved.DLT", at: 110, id: "2") }),
    .init(
      name: "an event came twice", first: .duplicates, words: "payment-completed 2 times", at: 102,
      build: { scene in
        scene.completed("1", at: 100)
        scene.event("payment-completed", at: 100.32, node: "node-2")
      }),
    .init(
      name: "a copy was recognised by its id", first: .duplicates, words: "1 copies", at: 101,
      build: { scene in
        scene.event("order-created", at: 100, fingerprint: 77)
        scene.event("order-created", at: 100, fingerprint: 77)
      }),
    .init(
      name: "a later event was seen, an earlier one never", first: .eventMissing, words: "ends inventory", at: 105,
      build: { scene in
        scene.usual()
        scene.event("order-created", at: 100)
        scene.event("payment-completed", at: 101)
      }),
    .init(
      name: "the beginning lies before what was read", first: nil, at: 101,
      build: { scene in scene.event("payment-completed", at: 100) }),
  ]

  static let locks: [DiagnosisCase] = [
    .init(
      name: "the product's lock has no time to live", first: .lockImmortal, words: "inventory:lock:7",
      build: waiting("inventory") { scene in scene.lock("inventory:lock:7", at: 119, ttl: nil, idle: 20, waiters: 3) }),
    .init(
      name: "the immortal lock is another product's", first: .nothingFound,
      build: waiting("inventory") { scene in scene.lock("inventory:lock:8", at: 119, ttl: nil, idle: 20) }),
    .init(
      name: "the immortal lock is one that the saga needed before", first: .nothingFound, words: "",
      build: waiting("payment") { scene in
        scene.allUp(at: 119)
        scene.lock("inventory:lock:8", at: 119, ttl: nil, idle: 20)
      }),
    .init(
      name: "the lock is held for longer than its lease", first: .lockOverdue, words: "its lease is",
      build: waiting("inventory") { scene in
        for second in stride(from: 100.0, through: 119, by: 1) { scene.lock("inventory:lock:7", at: second, ttl: 2.5) }
      }),
    .init(
      name: "many wait for the lock", first: .lockContended, words: "5 clients wait", at: 102.8,
      build: waiting("inventory") { scene in
        scene.lock("inventory:lock:7", at: 100.1, ttl: 3, waiters: 5)
        scene.lock("inventory:lock:7", at: 102.7, ttl: 0.4, waiters: 5)
      }),
    .init(
      name: "the saga's own lock ran out while it worked", first: .lockLost, words: "was lost",
      build: waiting("payment") { scene in
        scene.lock("saga:1", at: 101, ttl: 2, definition: 1)
        scene.store.accept(LockReading(source: "redis", time: scene.time(110), gone: ["saga:1"], passes: 3))
      }),
    .init(
      name: "a service that is down counts for more than a lock that is waited for", first: .serviceDown, at: 101,
      build: waiting("inventory") { scene in
        scene.health("inventory-service", at: 100.5, Scene.refused, Scene.refused, Scene.refused)
        scene.lock("inventory:lock:7", at: 100.5, ttl: 2.9, waiters: 2)
      }),
  ]

  static let nodes: [DiagnosisCase] = [
    .init(
      name: "the node that the saga's partition is assigned to is lost", first: .nodeLost, words: "node-3 is lost",
      at: 104,
      build: waiting("payment") { scene in
        scene.lost(node: 3, at: 103)
        scene.groups(
          at: 103,
          .init(
            name: "payment-service", topic: "inventory-reserved", owner: "payment-service-node-3", committed: 20,
            end: 21))
      }),
    .init(
      name: "a node is lost, the saga's partition is with another", first: .groupStalled, at: 150,
      build: waiting("payment") { scene in
        scene.lost(node: 3, at: 149)
        for second in stride(from: 90.0, through: 149, by: 2) {
          scene.groups(
            at: second,
            .init(
              name: "payment-service", topic: "inventory-reserved", owner: "payment-service-node-2", committed: 15,
              end: second < 102 ? 21 : 30))
        }
      }),
    .init(
      name: "the node that began the step is lost", first: .nodeLost, words: "it began delivery",
      build: { scene in
        scene.usual()
        scene.waits(at: "delivery", since: 100)
        scene.event("delivery-started", at: 100.1, node: "node-3")
        scene.lost(node: 3, at: 119)
      }),
    .init(
      name: "another node than the one that began the step is lost", first: .nothingFound,
      build: { scene in
        scene.usual()
        scene.waits(at: "delivery", since: 100)
        scene.event("delivery-started", at: 100.1, node: "node-2")
        scene.lost(node: 3, at: 119)
        scene.event("delivery-completed", at: 60, id: "older", node: "node-3")
      }),
    .init(
      name: "every node is gone: the service is down, not one node", first: .serviceDown,
      build: waiting("payment") { scene in
        for service in Scene.services { scene.health(service, at: 119, Scene.refused, Scene.refused, Scene.refused) }
      }),
    .init(
      name: "a completed saga waited while the node fell silent", first: .nodeLost, words: "fell silent", at: 112,
      build: { scene in
        scene.usual()
        scene.event("order-created", at: 100)
        scene.event("inventory-reserved", at: 100.1)
        scene.completed("last", at: 100, product: 3)
        scene.event("payment-completed", at: 107, node: "node-2")
        scene.event("delivery-completed", at: 107.5, node: "node-2")
        scene.lost(node: 3, at: 111)
      }),
    .init(
      name: "node-3 is not node-31", first: .nothingFound,
      build: waiting("payment") { scene in
        scene.lost(node: 3, at: 119)
        scene.groups(
          at: 119,
          .init(
            name: "payment-service", topic: "inventory-reserved", owner: "payment-service-node-31", committed: 20,
            end: 20))
      }),
  ]

  static let brokers: [DiagnosisCase] = [
    .init(
      name: "the brokers cannot be read", first: .brokerUnreachable, words: "connection refused",
      build: waiting("payment") { scene in scene.source(.down, error: "127.0.0.1:9092: connection refused", at: 118) }),
    .init(
      name: "the partition with the saga's message has no leader", first: .partitionLeaderless,
      words: "with the saga's message",
      build: waiting("payment") { scene in
        scene.source(.degraded, error: "no broker leads inventory-reserved[0]", at: 119)
      }),
    .init(
      name: "another partition has no leader", first: .groupEmpty,
      build: waiting("payment") { scene in
        scene.source(.degraded, error: "no broker leads chat[4]", at: 119)
        scene.groups(
          at: 119,
          .init(name: "payment-service", topic: "inventory-reserved", state: .empty, members: 0, committed: 20, end: 21)
        )
      }),
    .init(
      name: "brokers that are gone do not explain a saga that was over", first: .stepFailed,
      build: { scene in
        scene.event("order-created", at: 100)
        scene.event("inventory-failed", at: 100.1, error: "stock short")
        scene.event("order-cancelled", at: 100.2)
        scene.source(.down, error: "connection refused", at: 118)
      }),
  ]

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
        scene.event("SagaStepCompleted", at: 102, definition: 1, steps: ["payment"])
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
        scene.store.accept(SourceStatus(name: "redis", phase: .up, carriesEvents: false))
      }),
    .init(
      name: "stuck, and nobody watches what it needs", first: .nothingFound, words: "is not watched",
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
