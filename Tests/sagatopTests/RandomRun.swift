import Core
import TestRandom

@testable import Collectors

/// Random observations of a shop with Spring Cloud Stream. Many values are equal, so that the order of ties matters.
struct RandomRun {
  private static let groups = ["inventory-service", "payment-service", "delivery-service", "billing", "audit"]
  private static let topics = ["order-created", "inventory-reserved", "payment-completed", "payment-failed", "a.DLT"]

  let symbols = SymbolTable()
  private let start: Timestamp
  private var random: SeededRandom
  private var offset: Int64 = 0
  private var waiting: [(at: Int, topic: String, order: Int, reason: String?)] = []

  init(seed: UInt64, start: Timestamp) {
    random = SeededRandom(seed: seed)
    self.start = start
  }

  /// `clock` is the clock of the recording sink.
  mutating func play(into sink: RecordingSink, clock: ObservationClock, milliseconds: Int) {
    for order in 0..<400 { plan(order, at: number(milliseconds)) }
    waiting.sort { ($0.at, $0.order) < ($1.at, $1.order) }
    sink.accept(status(.kafka, complete: false))
    var next = 0
    for instant in stride(from: 0, through: milliseconds, by: 500) {
      let due = waiting[next...].prefix { $0.at <= instant }
      next += due.count
      let time = start + .milliseconds(instant)
      clock.set(time)
      let messages = due.map { message($0.topic, $0.order, $0.reason, at: time) }
      if !messages.isEmpty { sink.accept(EventBatch(originals: messages)) }
      if instant % 2000 == 0 { look(at: time, sink) }
    }
  }

  private mutating func number(_ limit: Int) -> Int { Int(random.next() % UInt64(limit)) }

  private mutating func plan(_ order: Int, at begin: Int) {
    let ways: [[String]] = [
      ["order-created", "inventory-reserved", "payment-completed", "delivery-started", "delivery-completed"],
      ["order-created", "inventory-reserved", "payment-failed", "inventory-released", "order-cancelled"],
      ["order-created", "inventory-failed", "order-cancelled"],
    ]
    let way = ways[number(3)]
    let length = number(4) == 0 ? 1 + number(way.count) : way.count
    for (place, topic) in way.prefix(length).enumerated() {
      let reason = topic.hasSuffix("failed") ? "no answer of host \(number(3)) in \(number(2)) s" : nil
      for _ in 0...(number(9) == 0 ? 1 : 0) { waiting.append((begin + place * 250, topic, order, reason)) }
    }
  }

  private mutating func message(_ topic: String, _ order: Int, _ reason: String?, at time: Timestamp) -> OriginalMessage
  {
    offset += 1
    let cause = reason.map { #","reason":"\#($0)""# } ?? ""
    let body = number(60) == 0 ? "no JSON" : #"{"orderId":\#(order),"productId":\#(order % 7)\#(cause)}"#
    return OriginalMessage(
      origin: Origin(topic: symbols.symbol(topic), partition: Int32(order % 3), offset: offset), brokerTime: time,
      receivedAt: time, key: Array("\(order)".utf8),
      headers: [.init(name: Array("node".utf8), value: Array("node-\(order % 6)".utf8))], body: Array(body.utf8))
  }

  private func status(_ kind: SourceKind, complete: Bool) -> SourceStatus {
    var status = SourceStatus(kind, phase: complete ? .up : .catchingUp)
    status.isComplete = complete
    status.lastSuccess = start
    return status
  }

  private mutating func look(at time: Timestamp, _ sink: RecordingSink) {
    sink.accept(status(.kafka, complete: true))
    for kind in [SourceKind.lag, .redis, .services] { sink.accept(status(kind, complete: true)) }
    sink.accept(lag(at: time))
    sink.accept(locks(at: time))
    for service in ["a-service", "b-service"] {
      let outcome: ServiceSample.Outcome =
        number(5) == 0 ? .failed("refused") : .answered(.init(status: 200, phases: .init(total: .milliseconds(3))))
      sink.accept(ServiceSample(service: service, instance: 0, time: time, outcome: outcome))
    }
  }

  private mutating func lag(at time: Timestamp) -> LagSample {
    let keys = Self.topics.flatMap { topic in (0..<3).map { (symbols.symbol(topic), Int32($0)) } }
    let seconds = (time - start).components.seconds
    return LagSample(
      time: time, took: .milliseconds(5), requests: 9, isListed: true,
      partitions: keys.map { PartitionOffsets(topic: $0.0, partition: $0.1, start: 0, end: 3 * seconds + 7) },
      groups: Self.groups.map { name in
        let member = GroupSample.Member(
          id: name, clientID: name, host: "h", partitions: keys.map { TopicPartitionKey(topic: $0.0, partition: $0.1) })
        return GroupSample(
          name: name, state: .stable, members: [member],
          commits: keys.map { key in
            .init(topic: key.0, partition: key.1, offset: name == "billing" ? 7 : Int64(seconds) * 3)
          })
      })
  }

  /// Many locks with the same age, held by several threads of two clients.
  private mutating func locks(at time: Timestamp) -> LockSample {
    let held = (0..<7).filter { _ in number(3) > 0 }
    return LockSample(
      source: "redis", time: time, isExact: false,
      locks: held.map { product in
        LockObservation(
          key: "inventory:lock:\(product)", definition: 0, kind: .redisson,
          holders: [LockHolder(token: "client-\(product % 2)", thread: "\(product % 3)", count: 1)], time: time,
          ttl: .seconds(2), waiters: product % 2)
      }, gone: (0..<7).filter { !held.contains($0) }.map { "inventory:lock:\($0)" })
  }
}
