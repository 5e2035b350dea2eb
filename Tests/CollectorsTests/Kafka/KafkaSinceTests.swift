import Collectors
import Core
import TestSupport
import Testing

@Suite("reading from a start time")
struct KafkaSinceTests {
  /// Writes one message per minute. The last one is a minute old.
  private func write(_ numbers: ClosedRange<Int>, to producer: TestProducer) throws {
    let now = SystemClock.now().milliseconds
    try producer.write(
      numbers.map { .init("orders", #"{"orderId":\#($0)}"#, time: now - Int64(numbers.upperBound - $0 + 1) * 60_000) })
  }

  @Test(
    "a broker with offsets by time is queried for them",
    arguments: [
      (150, ["9", "10"]), (3600, ["1", "2", "3", "4", "5", "6", "7", "8", "9", "10"]), (30, []), (0, []),
    ] as [(Int, [String])])
  func lookUp(seconds: Int, ids: [String]) async throws {
    let server = try NoidaServer()
    let producer = try TestProducer(server.brokers)
    try producer.createTopic("orders")
    try write(1...10, to: producer)
    let reading = try Reading(server.brokers, since: .last(.seconds(seconds)))
    #expect(await waitUntil { reading.sink.status.isComplete })
    #expect(reading.ids == ids)
    #expect(reading.sink.status.notes.isEmpty)
    try producer.write(.orders(11...11))
    #expect(await waitUntil { reading.ids == ids + ["11"] })
  }

  @Test("a broker without them is read from the beginning, and the status reports it")
  func noLookUp() async throws {
    let cluster = try MockCluster()
    cluster.createTopic("orders")
    try write(1...10, to: try TestProducer(cluster.brokers))
    let reading = try Reading(cluster.brokers, since: .last(.seconds(150)))
    #expect(await waitUntil { reading.sink.status.isComplete && !reading.sink.status.notes.isEmpty })
    #expect(await waitUntil { reading.ids == (1...10).map(String.init) })
    #expect(reading.sink.status.notes == ["the broker finds no offsets by time: read from the beginning: orders"])
  }

  @Test("without recent messages nothing is read, with or without the look-up")
  func nothingNew() async throws {
    let cluster = try MockCluster()
    cluster.createTopic("orders")
    let producer = try TestProducer(cluster.brokers)
    try write(1...10, to: producer)
    let reading = try Reading(cluster.brokers, since: .last(.seconds(30)))
    #expect(await waitUntil { reading.sink.status.isComplete })
    #expect(reading.ids.isEmpty)
    try producer.write(.orders(11...11))
    #expect(await waitUntil { reading.ids == ["11"] })
  }
}
