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

  @Test("all existing messages are read once from the beginning")
  func readsAll() async throws {
    try producer.createTopic("orders", partitions: 3)
    for partition in 0..<3 { try producer.write(.orders(1...200, partition: Int32(partition))) }
    let reading = try Reading(server.brokers)
    #expect(await waitUntil { reading.sink.status.isComplete })
    #expect(reading.sink.count == 600)
    #expect(reading.sink.status.phase == .up)
    #expect(reading.sink.status.messages == 600)
    #expect(reading.sink.status.partitions == 3)
    #expect(reading.sink.status.progress == 1)
    #expect(Set(reading.sink.events.map(\.origin)).count == 600)
  }

  @Test("later messages are read in order")
  func follows() async throws {
    try producer.createTopic("orders")
    try producer.write(.orders(1...3))
    let reading = try Reading(server.brokers)
    #expect(await waitUntil { reading.sink.status.isComplete })
    for number in 4...6 { try producer.write(.orders(number...number)) }
    #expect(await waitUntil { reading.sink.count == 6 })
    #expect(reading.ids == ["1", "2", "3", "4", "5", "6"])
  }

  @Test(
    "topics are selected by name, glob or regular expression",
    arguments: [
      (["orders"], ["orders"]), (["orders", "payments"], ["orders", "payments"]),
      (["order*"], ["orders", "orders-eu"]), (["order?"], ["orders"]),
      (["^(orders|payments)$"], ["orders", "payments"]), (["^.*-eu$", "payments"], ["orders-eu", "payments"]),
      (["*"], ["orders", "orders-eu", "payments"]), (["__internal"], ["__internal"]),
      (["__internal", "*"], ["__internal", "orders", "orders-eu", "payments"]), (["^__"], []),
    ])
  func patterns(patterns: [String], topics: [String]) async throws {
    for topic in ["orders", "orders-eu", "payments", "__internal"] {
      try producer.createTopic(topic)
      try producer.write(.orders(1...1, topic: topic))
    }
    let reading = try Reading(server.brokers, topics: patterns)
    #expect(await waitUntil { reading.sink.status.isComplete })
    #expect(reading.topics == topics)
    #expect(reading.sink.status.topics == topics.count)
  }

  @Test("a new topic is read from its beginning within five seconds")
  func laterTopic() async throws {
    try producer.createTopic("orders")
    let reading = try Reading(server.brokers, topics: ["order*", "payments"])
    #expect(await waitUntil { reading.sink.status.isComplete })
    #expect(reading.sink.status.notes == ["topic payments does not exist yet"])
    try producer.createTopic("payments", partitions: 2)
    try producer.write(.orders(1...5, topic: "payments", partition: 1))
    try producer.write(.orders(6...9))
    #expect(await waitUntil(.seconds(5)) { reading.sink.count == 9 })
    #expect(await waitUntil { reading.sink.status.notes.isEmpty && reading.sink.status.partitions == 3 })
    #expect(Set(reading.sink.events.map(\.origin)).count == 9)
  }

  @Test("a system without topics is complete and is polled further")
  func nothing() async throws {
    let reading = try Reading(server.brokers)
    #expect(await waitUntil { reading.sink.status.isComplete })
    #expect(reading.sink.status.phase == .up && reading.sink.status.topics == 0)
  }

  @Test("added partitions are read, and existing ones are not read again")
  func addedPartitions() async throws {
    try producer.createTopic("orders")
    try producer.write(.orders(1...10))
    let reading = try Reading(server.brokers)
    #expect(await waitUntil { reading.sink.status.isComplete })
    try producer.addPartitions("orders", total: 3)
    #expect(await waitUntil { reading.sink.status.partitions == 3 })
    let later = try TestProducer(server.brokers)
    for partition in 0..<3 { try later.write(.orders(11...20, partition: Int32(partition))) }
    #expect(await waitUntil { reading.sink.count == 40 })
    #expect(Set(reading.sink.events.map(\.origin)).count == 40)
  }

  @Test("a deleted topic is dropped, and read from its beginning when it is created again")
  func deletedTopic() async throws {
    try producer.createTopic("orders")
    try producer.createTopic("payments")
    try producer.write(.orders(1...10))
    let reading = try Reading(server.brokers)
    #expect(await waitUntil { reading.sink.count == 10 })
    try producer.deleteTopic("orders")
    #expect(await waitUntil { reading.sink.status.topics == 1 })
    try producer.createTopic("orders")
    try TestProducer(server.brokers).write(.orders(11...12))
    #expect(await waitUntil { reading.sink.count == 12 })
    #expect(reading.sink.status.phase == .up)
  }

  @Test("no group is joined and no offset is committed")
  func harmless() async throws {
    try producer.createTopic("orders")
    try producer.write(.orders(1...10))
    let before = try producer.groups()
    let reading = try Reading(server.brokers)
    #expect(await waitUntil { reading.sink.count == 10 && reading.sink.status.isComplete })
    #expect(try producer.groups() == before)
    reading.stop()
    #expect(try producer.groups() == before)
    #expect(try producer.committed("orders", partition: 0, group: "sagatop-reader") == nil)
  }
}
