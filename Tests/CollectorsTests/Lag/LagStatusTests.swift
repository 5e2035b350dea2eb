import Core
import Testing

@testable import Clients
@testable import Collectors

@Suite("status of consumer group polling")
struct LagStatusTests {
  private static let now = Timestamp(milliseconds: 1_000_000)

  private func round(_ troubles: [String] = [], took: Duration = .milliseconds(40)) -> Result<LagPoll, KafkaError> {
    var reading = LagSample(time: Self.now, took: took)
    for partition in 0..<3 {
      reading.partitions.append(.init(topic: Symbol(number: 1), partition: Int32(partition), start: 0, end: 1))
    }
    let metadata = ClusterMetadata(brokers: [1: "a:9092", 2: "b:9092"], topics: [:])
    return .success(
      LagPoll(reading: reading, metadata: metadata, latency: .milliseconds(2), troubles: troubles))
  }

  private func status(interval: Duration = .seconds(2)) -> LagStatus {
    LagStatus(LagSettings(kafka: KafkaSettings(brokers: "a:9092", topics: []), patterns: [], interval: interval))
  }

  @Test("a complete round is up")
  func full() {
    var status = status()
    let pause = status.take(round(), notes: ["note"], complaint: "old", at: Self.now)
    #expect(pause == .seconds(2))
    let current = status.current
    #expect(current.phase == .up && current.isComplete && current.error == nil && current.notes == ["note"])
    #expect(current.brokers == 2 && current.topics == 1 && current.partitions == 3)
    #expect(current.lastSuccess == Self.now && current.latency == .milliseconds(2))
  }

  @Test("a round with failures is degraded; the status names the first one, their number, and the next retry")
  func troubled() {
    var status = status()
    _ = status.take(round(["b:9092 is silent", "x", "y"]), notes: [], complaint: nil, at: Self.now)
    #expect(status.current.phase == .degraded && !status.current.isComplete)
    #expect(status.current.error == "b:9092 is silent, and 2 other troubles; trying again in 2 s")
    _ = status.take(round(), notes: [], complaint: nil, at: Self.now)
    _ = status.take(round(["b:9092 is silent"]), notes: [], complaint: nil, at: Self.now)
    #expect(status.current.isComplete, "the first full reading was given")
  }

  @Test("without any response the source is down, with librdkafka's error if there is one")
  func down() {
    var status = status()
    let failure = Result<LagPoll, KafkaError>.failure(KafkaError(description: "no answer within 1500 ms"))
    let pause = status.take(failure, notes: [], complaint: nil, at: Self.now)
    #expect(pause == .seconds(2) && status.current.retryAt == Self.now + .seconds(2))
    #expect(status.current.phase == .down && !status.current.isComplete)
    #expect(status.current.error == "a:9092: no answer within 1500 ms; trying again every 2 s")
    _ = status.take(failure, notes: [], complaint: "a:9092: refused", at: Self.now)
    #expect(status.current.error == "a:9092: refused; trying again every 2 s")
    _ = status.take(failure, notes: [], complaint: nil, at: Self.now)
    #expect(status.current.error == "a:9092: refused; trying again every 2 s", "the library does not repeat itself")
    _ = status.take(round(), notes: [], complaint: nil, at: Self.now)
    #expect(status.current.phase == .up && status.current.error == nil && status.current.retryAt == nil)
  }

  @Test(
    "slow rounds are repeated less often, up to a limit",
    arguments: [(10, 2000), (500, 2000), (1500, 6000), (60_000, 30_000)])
  func pace(took: Int, pause: Int) {
    var status = status()
    #expect(
      status.take(round(took: .milliseconds(took)), notes: [], complaint: nil, at: Self.now) == .milliseconds(pause))
  }

  @Test("an interval above the limit is kept")
  func slow() {
    var status = status(interval: .seconds(60))
    #expect(status.take(round(took: .seconds(20)), notes: [], complaint: nil, at: Self.now) == .seconds(60))
  }

  @Test(
    "dead letter topics are recognised by name",
    arguments: [
      ("orders.dlq", true), ("orders-DLT", true), ("dead-letter-orders", true), ("orders_dead_letters", true),
      ("deadletter", true), ("DLQ.orders", true), ("orders", false), ("dead-orders", false), ("bundlqueue", false),
      ("letters.dead", false), ("", false),
    ])
  func deadLetters(name: String, isDeadLetter: Bool) {
    #expect(DeadLetterTopic.isName(name) == isDeadLetter)
  }
}
