import Collectors
import Core
import TestSupport
import Testing

@Suite("reading thousands of topics", .serialized)
struct ManyTopicsTests {
  private static let topics = 2000

  @Test(
    "of two thousand topics that appear meanwhile no event is missed, and one that was quiet for long is still read")
  func appearing() async throws {
    let server = try NoidaServer()
    let producer = try TestProducer(server.brokers)
    let reading = try Reading(server.brokers, topics: ["saga-events-*"])
    #expect(await waitUntil { reading.sink.status.isComplete })
    for number in 0..<Self.topics {
      try producer.createTopic("saga-events-\(number)", partitions: 3)
      try producer.write(.orders(number...number, topic: "saga-events-\(number)", partition: Int32(number % 3)))
    }
    #expect(await waitUntil(.seconds(60)) { reading.sink.count == Self.topics })
    #expect(Set(reading.ids).count == Self.topics)
    for number in [0, 7, 1999] {
      try producer.write(.orders(number...number, topic: "saga-events-\(number)", partition: Int32(number % 3)))
      try producer.write(.orders(number...number, topic: "saga-events-\(number)", partition: Int32((number + 1) % 3)))
    }
    #expect(await waitUntil(.seconds(60)) { reading.sink.count == Self.topics + 6 })
    #expect(Set(reading.sink.events.map(\.origin)).count == Self.topics + 6)
  }
}
