import Foundation
import TestSupport

/// A broker with the topics of a shop, and a configuration for it.
struct OrderTopics {
  static let topics = ["orders", "payments", "shipping"]
  static let partitions: Int32 = 4

  let server: NoidaServer
  let producer: TestProducer
  let folder: Folder

  init() throws {
    server = try NoidaServer()
    producer = try TestProducer(server.brokers)
    folder = try Folder()
    for topic in Self.topics { try producer.createTopic(topic, partitions: Self.partitions) }
    try folder.write(
      """
      contexts:
        shop:
          kafka:
            brokers: \(server.brokers)
            topics: [\(Self.topics.joined(separator: ", "))]
            properties: {session.timeout.ms: 6000, max.poll.interval.ms: 6000, heartbeat.interval.ms: 1000}
          fields: {type: [type], time: [at], id: [eventId], node: [node]}
          sagas:
            order:
              ids: {orderId: [orderId], paymentRef: [paymentRef]}
              error: [reason]
              steps: [payment, shipping]
              events:
                OrderPlaced: {starts: true}
                PaymentRequested: {begins: payment}
                PaymentDone: {completes: payment}
                PaymentFailed: {fails: payment, startsCompensation: true}
                ShippingStarted: {begins: shipping}
                Shipped: {completes: shipping}
                OrderDone: {ends: completed}
                OrderCancelled: {ends: compensated}
      """, to: "config.yaml")
  }

  /// Orders whose events are in random partitions and in random order, some of them twice. Half of the events contain only the payment's
  /// reference.
  func messages(_ count: Int, seed: UInt64) -> [TestProducer.Record] {
    var random = Seeded(state: seed)
    let start = Int(Date().timeIntervalSince1970 * 1000) - 20 * 60_000
    var records: [TestProducer.Record] = []
    for order in 0..<count {
      let (id, reference) = ("\"orderId\":\"o\(order)\"", "\"paymentRef\":\"pay-\(order)\"")
      var story = [("orders", "OrderPlaced", id), ("payments", "PaymentRequested", "\(id),\(reference)")]
      if random.below(5) == 0 {
        story.append(("payments", "PaymentFailed", "\(reference),\"reason\":\"card refused \(random.below(5))\""))
        story.append(("orders", "OrderCancelled", id))
      } else {
        story += [("payments", "PaymentDone", reference), ("shipping", "ShippingStarted", id)]
        story += [("shipping", "Shipped", id), ("orders", "OrderDone", id)]
      }
      if random.below(10) == 0 { story = Array(story.prefix(1 + random.below(story.count - 1))) }
      let began = start + random.below(600_000)
      for (place, (topic, type, ids)) in story.enumerated() {
        let body =
          "{\"type\":\"\(type)\",\(ids),\"at\":\(began + place * 1000),\"eventId\":\"\(order)-\(place)\",\"node\":\"n\(order % 6)\"}"
        for _ in 0..<(random.below(10) == 0 ? 2 : 1) {
          records.append(.init(topic, body, partition: Int32(random.below(Int(Self.partitions)))))
        }
      }
    }
    return records.shuffled(using: &random)
  }

  var configuration: String { folder.path("config.yaml") }

  func snapshot(_ options: [String]) throws -> Run {
    try Run.sagatop(["snapshot", "-c", configuration, "-o", "json"] + options)
  }

  /// Sorted items of a snapshot without their causes, because the evidence contains ages.
  static func sagas(_ document: SnapshotDocument) throws -> [String] {
    try document.items.map { item in
      let facts = item.filter { $0.key != "why" }
      return String(decoding: try JSONSerialization.data(withJSONObject: facts, options: .sortedKeys), as: UTF8.self)
    }.sorted()
  }
}

/// A repeatable generator (SplitMix64).
private struct Seeded: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
    return mixed ^ (mixed >> 31)
  }

  mutating func below(_ limit: Int) -> Int { Int(next() % UInt64(limit)) }
}
