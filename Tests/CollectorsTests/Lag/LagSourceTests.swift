import Collectors
import Core
import TestSupport
import Testing

@Suite("looking at consumer groups of a Kafka server")
struct LagSourceTests {
  private let server: NoidaServer
  private let producer: TestProducer
  private let groups: TestGroups

  init() throws {
    server = try NoidaServer()
    producer = try TestProducer(server.brokers)
    groups = try TestGroups(server.brokers)
  }

  @Test("commits, log starts and log ends are those of an independent reader, to the message")
  func numbers() async throws {
    try producer.createTopic("orders", partitions: 3)
    try producer.write(.orders(1...40) + .orders(41...50, partition: 1))
    try groups.commit(["shipping": ["orders": [0: 17, 1: 10]], "billing": ["orders": [2: 0]]])
    let watching = try LagWatching(server.brokers)
    #expect(await waitUntil { watching.sink.status.isComplete })
    #expect(watching.commits("shipping") == ["orders[0]": 17, "orders[1]": 10])
    #expect(watching.commits("billing") == ["orders[2]": 0])
    #expect(watching.ends == ["orders[0]": 40, "orders[1]": 10, "orders[2]": 0])
    #expect(watching.starts == ["orders[0]": 0, "orders[1]": 0, "orders[2]": 0])
    #expect(watching.group("shipping")?.state == .empty)
    #expect(watching.group("shipping")?.members == [])
    #expect(watching.sink.status.phase == .up)
    print(watching.sink.readings.last!)
  }
}
