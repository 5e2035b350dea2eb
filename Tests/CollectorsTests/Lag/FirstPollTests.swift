import Core
import Testing

@testable import Collectors

@Suite("Initial polls of consumer groups")
struct FirstPollTests {
  private static let topic = Symbol(number: 1)

  private func reading(_ committed: Int64?, of end: Int64, members: Int?) -> LagSample {
    LagSample(
      time: Timestamp(milliseconds: 0),
      partitions: [PartitionOffsets(topic: Self.topic, partition: 0, start: 0, end: end)],
      groups: [
        GroupSample(
          name: "g", members: members.map { (0..<$0).map { .init(id: "\($0)", clientID: "c", host: "h") } },
          commits: [.init(topic: Self.topic, partition: 0, offset: committed)])
      ])
  }

  @Test(
    "one poll is enough without unread messages, without members, or without commits",
    arguments: [(10, 10, 2), (5, 10, 0), (nil, 10, 2)] as [(Int64?, Int64, Int?)])
  func once(committed: Int64?, end: Int64, members: Int?) {
    var look = FirstPoll()
    look.take(reading(committed, of: end, members: members))
    #expect(look.isEnough)
  }

  @Test("a group with unread messages is polled until its commit moves", arguments: [2, nil])
  func moving(members: Int?) {
    var look = FirstPoll()
    look.take(reading(5, of: 10, members: members))
    look.take(reading(5, of: 11, members: members))
    #expect(!look.isEnough)
    look.take(reading(6, of: 12, members: members))
    #expect(look.isEnough)
  }

  @Test("a group without progress is polled five times")
  func standing() {
    var look = FirstPoll()
    for _ in 0..<4 { look.take(reading(5, of: 10, members: 1)) }
    #expect(!look.isEnough)
    look.take(reading(5, of: 10, members: 1))
    #expect(look.isEnough)
  }

  @Test("an empty list of groups is enough")
  func none() {
    var look = FirstPoll()
    look.take(LagSample(time: Timestamp(milliseconds: 0)))
    #expect(look.isEnough)
  }
}
