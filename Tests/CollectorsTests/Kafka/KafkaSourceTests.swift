import Collectors
import Core
import TestSupport
import Testing

@Suite("reading from a Kafka server")
struct KafkaSourceTests {
  private let server: NoidaServer
  private let producer: TestProducer

  init() throws {
    server = try NoidaServer()
    producer = try TestProducer(server.brokers)
  }

  private func orders(_ range: ClosedRange<Int>, topic: String = "orders", partition: Int32 = 0, time: Int64 = 0)
    -> [TestProducer.Record]
  {
    range.map { .init(topic, #"{"orderId":\#($0)}"#, partition: partition, time: time) }
  }

  @Test("everything that is there is read, from the beginning, once")
  func readsAll() throws {
    try producer.createTopic("orders", partitions: 3)
    for partition in 0..<3 { try producer.write(orders(1...200, partition: Int32(partition))) }
    let reading = try Reading(server.brokers)
    #expect(waitUntil { reading.sink.status.isComplete })
    #expect(reading.sink.count == 600)
    #expect(reading.sink.status.phase == .up)
    #expect(Set(reading.sink.events.map(\.origin)).count == 600)
  }
}
