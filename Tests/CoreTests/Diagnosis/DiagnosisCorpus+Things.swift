@testable import Core

extension DiagnosisCorpus {
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
            .init(name: "payment-service", topic: "inventory-reserved", committed: 20, end: second < 102 ? 21 : 30),
            .init(
              name: "payment-service", topic: "inventory-reserved", partition: 1, committed: Int64(second),
              end: Int64(second)))
        }
      }),
    .init(
      name: "the group stands at the saga's own message, and everywhere else too", first: .groupStalled, at: 150,
      build: waiting("payment") { scene in
        for second in stride(from: 90.0, through: 149, by: 2) {
          scene.groups(
            at: second,
            .init(name: "payment-service", topic: "inventory-reserved", committed: 20, end: second < 102 ? 21 : 30),
            .init(
              name: "payment-service", topic: "inventory-reserved", partition: 1, committed: 7,
              end: second < 102 ? 9 : 12))
        }
      }),
    .init(
      name: "the group that is configured never was", first: .nothingFound, at: 175,
      build: waiting("payment") { scene in
        for second in stride(from: 100.0, through: 174, by: 2) {
          scene.store.accept(
            LagSample(
              time: scene.time(second),
              groups: [GroupSample(name: "payment-service", state: .dead, members: [], commits: [])]))
        }
      }),
    .init(
      name: "the answer may lie behind a transaction that stays open", first: .transactionOpen,
      words: "in payment-completed/0, 4 messages wait behind it", at: 175,
      build: waiting("payment") { scene in
        for second in stride(from: 100.0, through: 174, by: 2) {
          scene.groups(
            at: second, .init(name: "payment-service", topic: "inventory-reserved", committed: 21, end: 21),
            .init(name: "delivery-service", topic: "payment-completed", committed: 6, end: 10, stable: 6))
        }
      }),
    .init(
      name: "a transaction stays open before the messages of the group", first: .transactionOpen,
      words: "in inventory-reserved/0, 9 messages wait behind it", at: 175,
      build: waiting("payment") { scene in
        for second in stride(from: 100.0, through: 174, by: 2) {
          scene.groups(
            at: second,
            .init(
              name: "payment-service", topic: "inventory-reserved", committed: 20, end: second < 110 ? 20 : 29,
              stable: 20
            ))
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
        scene.store.accept(LockSample(source: "redis", time: scene.time(110), gone: ["saga:1"], passes: 3))
      }),
    .init(
      name: "a service that is down counts for more than a lock that is waited for", first: .serviceDown, at: 101,
      build: waiting("inventory") { scene in
        scene.health("inventory-service", at: 100.5, Scene.refused, Scene.refused, Scene.refused)
        scene.lock("inventory:lock:7", at: 100.5, ttl: 2.9, waiters: 2)
      }),
  ]

  /// Deliveries every second on three nodes in turn. The node `quiet` stops at `end`.
  private static func working(_ scene: DiagnosisScene, quiet: String, until end: Double) {
    for second in 40..<120 {
      let node = "node-\(second % 3 + 1)"
      guard node != quiet || Double(second) <= end else { continue }
      scene.event("delivery-started", at: Double(second), id: "other-\(second)", node: node)
      scene.event("delivery-completed", at: Double(second) + 0.5, id: "other-\(second)", node: node)
    }
  }

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
      name: "the node that began the step has fallen silent, and nobody watches its health", first: .nodeLost,
      words: "node-3 has fallen silent", at: 140,
      build: { scene in
        working(scene, quiet: "node-3", until: 100)
        scene.waits(at: "delivery", since: 100)
        scene.event("delivery-started", at: 100.1, node: "node-3")
      }),
    .init(
      name: "a silent node that has nothing to do with the saga is not named", first: .nothingFound,
      build: { scene in
        working(scene, quiet: "node-3", until: 60)
        scene.waits(at: "delivery", since: 100)
        scene.event("delivery-started", at: 100.1, node: "node-2")
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
        scene.source(.degraded, missing: [.init(topic: "inventory-reserved", partition: 0)], at: 119)
      }),
    .init(
      name: "the broker with the saga's message does not answer", first: .partitionLeaderless,
      words: "b:9092, which leads the partition with the saga's message, does not answer",
      build: waiting("payment") { scene in
        let missing = [
          SourceStatus.MissingPartition(topic: "chat", partition: 4),
          SourceStatus.MissingPartition(topic: "inventory-reserved", partition: 0, leader: "b:9092"),
        ]
        scene.source(.degraded, error: "in words that no rule knows", missing: missing, at: 119)
      }),
    .init(
      name: "another partition has no leader", first: .groupEmpty,
      build: waiting("payment") { scene in
        scene.source(.degraded, missing: [.init(topic: "chat", partition: 4)], at: 119)
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
}
