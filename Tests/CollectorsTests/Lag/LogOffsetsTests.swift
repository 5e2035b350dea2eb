import Core
import TestSupport
import Testing

@testable import Clients
@testable import Collectors

@Suite("log start and end offsets")
struct LogOffsetsTests {
  private func ids(_ partitions: some Sequence<Int>) -> [TopicPartition] {
    partitions.map { TopicPartition(topic: "orders", partition: Int32($0)) }
  }

  /// Simulates a broker whose offsets are the partition numbers. It does not answer a request that contains a partition of `bad`.
  private func search(_ count: Int, bad: Set<Int32>, budget: Int) -> (answer: LogOffsetsResponse, questions: Int) {
    var questions = 0
    var budget = budget
    let answer = LogOffsetsResponse.search(ids(0..<count), budget: &budget) { ids in
      questions += 1
      return ids.contains { bad.contains($0.partition) }
        ? .refusal("unknown") : .offsets(ids.map { Int64($0.partition) })
    }
    return (answer, questions)
  }

  @Test(
    "partitions that make a request fail are found, and the offsets of the others are kept",
    arguments: [(1000, [], 1), (1000, [617], 21), (1000, [0, 999], 39), (1, [0], 1), (2, [0, 1], 3)]
      as [(
        Int, Set<Int32>, Int
      )])
  func spoiled(count: Int, bad: Set<Int32>, questions: Int) {
    let found = search(count, bad: bad, budget: 80)
    #expect(found.answer == .offsets((0..<count).map { bad.contains(Int32($0)) ? nil : Int64($0) }))
    #expect(found.questions <= questions)
  }

  @Test("the search ends if every request fails")
  func hopeless() {
    let found = search(1000, bad: Set(0..<1000), budget: 80)
    #expect(found.answer == .silence)
    #expect(found.questions == 80)
  }

  @Test("a silent leader gets no further requests")
  func silence() {
    var (budget, questions) = (80, 0)
    let answer = LogOffsetsResponse.search(ids(0..<1000), budget: &budget) { _ in
      questions += 1
      return .silence
    }
    #expect(answer == .silence && questions == 1)
  }

  @Test("a topic deleted after the client has learned of it makes a request to a real server fail, and is found")
  func deleted() throws {
    let server = try NoidaServer()
    let producer = try TestProducer(server.brokers)
    for topic in ["orders", "payments", "refunds"] { try producer.createTopic(topic) }
    try producer.write(.orders(1...20) + .orders(1...7, topic: "payments"))
    let client = try GroupClient(KafkaAccess(brokers: server.brokers))
    _ = client.metadata(timeout: .seconds(5))
    let ids = ["orders", "refunds", "payments"].map { TopicPartition(topic: $0, partition: 0) }
    let ask = { ids in client.offsets(of: ids, at: -1, timeout: .seconds(5)) }
    #expect(ask(ids) == .offsets([20, 0, 7]))
    try producer.deleteTopic("refunds")
    #expect(ask(ids) == .refusal("Broker: Unknown topic or partition"))
    var budget = 80
    #expect(LogOffsetsResponse.search(ids, budget: &budget, ask: ask) == .offsets([20, nil, 7]))
  }
}
