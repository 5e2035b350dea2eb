import Core
import Testing

@testable import Clients
@testable import Collectors

@Suite("partition assignment and progress")
struct AssignmentTests {
  private static let orders = Symbol(number: 1)
  private static let payments = Symbol(number: 2)
  private static let wanted = Timestamp(milliseconds: 1_000_000)

  private func id(_ partition: Int32, _ topic: String = "orders") -> TopicPartition {
    TopicPartition(topic: topic, partition: partition)
  }

  /// A class, because `#expect` cannot call mutating methods.
  @dynamicMemberLookup
  private final class Reading {
    var assignment: Assignment

    init(since: Timestamp?) { assignment = Assignment(since: since) }

    subscript<Value>(dynamicMember path: KeyPath<Assignment, Value>) -> Value { assignment[keyPath: path] }

    func receive(_ topic: Symbol = orders, _ partition: Int32 = 0, offset: Int64, time: Timestamp? = nil)
      -> Assignment.Verdict
    {
      assignment.received(topic: topic, partition: partition, offset: offset, time: time)
    }

    func assign() { try? assignment.assignAnew { _ throws(KafkaError) in } }

    func reachEnd(_ topic: Symbol = orders, _ partition: Int32 = 0, offset: Int64 = 0) -> Bool {
      assignment.reachedEnd(topic: topic, partition: partition, offset: offset)
    }
  }

  private func reading(since: Timestamp? = nil, _ bounds: Assignment.Bounds...) -> Reading {
    let reading = Reading(since: since)
    for (partition, bound) in bounds.enumerated() {
      reading.assignment.add(id(Int32(partition)), topic: Self.orders, bounds: bound)
    }
    _ = reading.assignment.turn()
    return reading
  }

  @Test(
    "reading starts at the offsets in the broker's response",
    arguments: [
      ("everything is wanted", .init(start: 5, end: 9), 5, false),
      ("a broker that keeps nothing", .init(start: 9, end: 9), 9, true),
      ("nothing was ever written", .init(start: 0, end: 0), 0, true),
      ("found by time", .init(start: 5, end: 9, since: 7), 7, false),
      ("the first wanted message is yet to come", .init(start: 5, end: 9, since: 9), 9, true),
      ("nothing since then, says the broker: the last message will tell", .init(start: 5, end: 9, since: -1), 8, false),
      ("nothing since then, and nothing there", .init(start: 0, end: 0, since: -1), 0, true),
    ] as [(String, Assignment.Bounds, Int64, Bool)])
  func beginning(why: String, bounds: Assignment.Bounds, next: Int64, isComplete: Bool) {
    let reading = reading(since: Self.wanted, bounds)
    #expect(reading.offsets == [id(0): next], Comment(rawValue: why))
    #expect(reading.isComplete == isComplete, Comment(rawValue: why))
  }

  @Test(
    "the time of the last message shows whether an empty result of the offset look-up is correct",
    arguments: [
      ("older than wanted: the broker is right", 4, 999_999, .skip, 9),
      ("as old as wanted: the broker cannot look up", 4, 1_000_000, .rewind, 4),
      ("it carries no time", 4, nil, .rewind, 4),
      ("it is the only one: no need to go back", 8, 2_000_000, .take, 9),
    ] as [(String, Int64, Int64?, Assignment.Verdict, Int64)])
  func probing(why: String, start: Int64, time: Int64?, verdict: Assignment.Verdict, next: Int64) {
    let reading = reading(since: Self.wanted, .init(start: start, end: 9, since: -1))
    let time = time.map { Timestamp(milliseconds: $0) }
    #expect(
      reading.receive(offset: 8, time: time) == verdict, Comment(rawValue: why))
    #expect(reading.offsets == [id(0): next], Comment(rawValue: why))
    #expect(reading.isComplete == (next == 9), Comment(rawValue: why))
  }

  @Test("after a rewind all messages are accepted, including the last one")
  func rewound() {
    let reading = reading(since: Self.wanted, .init(start: 0, end: 3, since: -1))
    #expect(reading.receive(offset: 2) == .rewind)
    reading.assign()
    for offset in 0..<3 {
      #expect(reading.receive(offset: Int64(offset)) == .take)
    }
    #expect(reading.isComplete)
  }

  @Test("progress is the share of initially existing offsets that were read")
  func progress() {
    let reading = reading(.init(start: 0, end: 30), .init(start: 100, end: 110))
    #expect(Assignment(since: nil).progress == nil)
    #expect(reading.progress == 0)
    _ = reading.receive(offset: 9)
    #expect(reading.progress == 0.25)
    _ = reading.receive(offset: 99)
    #expect(reading.progress == 0.75)
    #expect(!reading.isComplete)
    #expect(reading.reachEnd(Self.orders, 1))
    #expect(reading.isComplete && reading.progress == 1)
    #expect(!reading.reachEnd(Self.orders, 1))
  }

  @Test("a message of an unassigned partition is skipped")
  func stranger() {
    let reading = reading(.init(start: 0, end: 3))
    #expect(reading.receive(Self.orders, 7, offset: 0) == .skip)
    #expect(reading.receive(Self.payments, offset: 0) == .skip)
    #expect(!reading.reachEnd(Self.payments))
  }

  @Test("partitions of a deleted topic are removed, the others keep their offsets")
  func dropped() {
    let reading = reading(.init(start: 0, end: 3))
    reading.assignment.add(id(0, "payments"), topic: Self.payments, bounds: .init(start: 5, end: 9))
    _ = reading.assignment.turn()
    _ = reading.receive(Self.payments, offset: 6)
    #expect(reading.assignment.keep { $0.topic != "orders" } == [id(0)])
    #expect(reading.assignment.keep { _ in true }.isEmpty)
    #expect(!reading.assignment.contains(id(0)))
    #expect(reading.receive(offset: 0) == .skip)
    #expect(reading.offsets == [id(0, "payments"): 7])
  }

  /// More partitions than are followed at the same time. All are read to the end except the last one, which has one unread message.
  private func crowd() -> Reading {
    let reading = Reading(since: nil)
    for partition in 0..<Int32(Assignment.mostFollowed + 20) {
      let end: Int64 = partition == Int32(Assignment.mostFollowed + 19) ? 5 : 4
      reading.assignment.add(id(partition), topic: Self.orders, bounds: .init(start: 4, end: end))
    }
    _ = reading.assignment.turn()
    return reading
  }

  @Test("only a limited number of partitions is followed: those with unread messages")
  func resting() {
    let reading = crowd()
    #expect(reading.offsets.count == Assignment.mostFollowed + 1)
    #expect(reading.offsets[id(Int32(Assignment.mostFollowed + 19))] == 4)
    #expect(!reading.isComplete)
    #expect(reading.assignment.contains(id(Int32(Assignment.mostFollowed))))
    #expect(!reading.assignment.follows(id(Int32(Assignment.mostFollowed))))
  }

  @Test("a resting partition is followed again from its offset when its end has moved")
  func waking() {
    let reading = crowd()
    let resting = id(Int32(Assignment.mostFollowed))
    func woken(_ id: TopicPartition, end: Int64) -> [TopicPartition: Int64] {
      reading.assignment.wake(id, end: end)
      return reading.assignment.turn()
    }
    #expect(woken(resting, end: 4) == [:])
    #expect(woken(resting, end: 6) == [resting: 4])
    #expect(woken(resting, end: 6) == [:], "it is followed already")
    #expect(woken(id(0, "payments"), end: 6) == [:], "nobody knows it")
    #expect(reading.receive(Self.orders, resting.partition, offset: 4) == .take)
  }

  @Test("the partitions that are idle for longest rest first, but never before their initial read")
  func longestQuiet() {
    let reading = crowd()
    #expect(reading.assignment.rest().isEmpty, "none has been quiet for long")
    reading.assignment.beginRound()
    for partition in 1..<Int32(Assignment.mostFollowed) {
      _ = reading.receive(Self.orders, partition, offset: 4)
    }
    reading.assignment.beginRound()
    #expect(reading.assignment.rest() == [id(0)])
    #expect(reading.assignment.rest().isEmpty, "no more than must be")
    #expect(reading.assignment.follows(id(Int32(Assignment.mostFollowed + 19))))
  }

  /// Partitions with one message each, more than can be read at the same time.
  private func backlog() -> Reading {
    let reading = Reading(since: nil)
    for partition in 0..<Int32(Assignment.mostBehind + 100) {
      reading.assignment.add(id(partition), topic: Self.orders, bounds: .init(start: 4, end: 5))
    }
    return reading
  }

  @Test("a limited number of partitions with unread messages is read at a time; finished ones make room")
  func turns() {
    let reading = backlog()
    #expect(reading.assignment.turn().count == Assignment.mostBehind)
    #expect(reading.assignment.turn().isEmpty && reading.isAnyWaiting && !reading.isComplete)
    for partition in 0..<Int32(Assignment.mostBehind) { _ = reading.receive(Self.orders, partition, offset: 4) }
    let next = reading.assignment.turn()
    #expect(next.count == 100 && next[id(Int32(Assignment.mostBehind))] == 4)
    let resting = reading.assignment.rest()
    #expect(resting.count == Assignment.mostBehind, "what lay there before does not make a partition busy")
    #expect(resting.allSatisfy { next[$0] == nil })
    #expect(!reading.isComplete && !reading.isAnyWaiting)
  }

  @Test("partitions that deliver nothing delay the others by two rounds and stay followed")
  func mute() {
    let reading = backlog()
    #expect(reading.assignment.turn().count == Assignment.mostBehind)
    reading.assignment.beginRound()
    #expect(reading.assignment.turn().isEmpty)
    reading.assignment.beginRound()
    #expect(reading.assignment.turn().count == 100)
    #expect(reading.assignment.rest().isEmpty, "they still owe their first reading")
    #expect(!reading.isComplete)
  }

  @Test("messages of a partition that will be read again from its start do not change its offset")
  func rewinding() {
    let reading = reading(since: Self.wanted, .init(start: 0, end: 3, since: -1))
    #expect(reading.receive(offset: 2) == .rewind)
    #expect(reading.receive(offset: 3) == .skip)
    #expect(!reading.reachEnd(offset: 4))
    #expect(reading.offsets == [id(0): 0])
    reading.assign()
    #expect(reading.receive(offset: 0) == .take)
  }

  @Test("an offset of a transaction marker is not waited for again")
  func transaction() {
    let reading = crowd()
    let resting = id(Int32(Assignment.mostFollowed))
    reading.assignment.wake(resting, end: 6)
    _ = reading.assignment.turn()
    #expect(reading.receive(Self.orders, resting.partition, offset: 4) == .take)
    #expect(!reading.reachEnd(Self.orders, resting.partition, offset: 6), "it was complete before")
    for _ in 0..<3 { reading.assignment.beginRound() }
    #expect(!reading.assignment.rest().isEmpty)
    reading.assignment.wake(resting, end: 6)
    #expect(reading.assignment.turn().isEmpty)
  }

  @Test("a partition that was already read is behind again until it reaches its new end")
  func extended() {
    let reading = reading(.init(start: 0, end: 2), .init(start: 0, end: 0))
    for offset in 0..<2 { #expect(reading.receive(offset: Int64(offset)) == .take) }
    #expect(reading.isComplete && !reading.isAnyBehind)
    reading.assignment.wake(id(0), end: 5)
    reading.assignment.wake(id(1), end: 0)
    #expect(reading.isAnyBehind)
    for offset in 2..<4 { #expect(reading.receive(offset: Int64(offset)) == .take) }
    #expect(reading.isAnyBehind)
    #expect(reading.receive(offset: 4) == .take)
    #expect(!reading.isAnyBehind)
    // The partition was already read beyond this offset, because the response is older.
    reading.assignment.wake(id(0), end: 4)
    #expect(!reading.isAnyBehind)
  }

  @Test("a broker that tells of the largest offsets, or of a partition twice, ends nothing")
  func absurd() {
    let reading = reading(.init(start: 0, end: .max), .init(start: 0, end: .max), .init(start: .max, end: .max))
    #expect(reading.progress == 0)
    #expect(reading.receive(offset: .max) == .take && reading.offsets[id(0)] == .max)
    #expect(reading.progress == 0.5)
    // Above the capacity of the symbol table topics share a symbol.
    reading.assignment.add(id(0, "a"), topic: Self.payments, bounds: .init(start: 0, end: 1))
    reading.assignment.add(id(0, "b"), topic: Self.payments, bounds: .init(start: 0, end: 1))
    #expect(reading.assignment.keep { $0.topic != "orders" }.count == 3)
    #expect(reading.partitions.count == 2)
  }

  @Test("a partition that has messages and gives none for some rounds is told, until one comes")
  func silent() {
    let reading = reading(.init(start: 0, end: 2), .init(start: 0, end: 2), .init(start: 0, end: 0))
    for _ in 0..<2 { reading.assignment.beginRound() }
    #expect(reading.notes.isEmpty)
    reading.assignment.beginRound()
    #expect(reading.notes == ["no messages arrive from orders[0] and 1 more partition, although there are some"])
    _ = reading.receive(offset: 0)
    _ = reading.reachEnd(Self.orders, 1, offset: 2)
    #expect(reading.notes.isEmpty)
  }

  @Test("rounds in which the reader pauses do not count as silence of the broker")
  func paused() {
    let reading = reading(.init(start: 0, end: 2))
    for _ in 0..<10 { reading.assignment.beginRound(isPaused: true) }
    #expect(reading.notes.isEmpty)
    for _ in 0..<3 { reading.assignment.beginRound() }
    #expect(reading.notes == ["no messages arrive from orders[0], although there are some"])
  }

  @Test("a partition that must be read again is incomplete until everything that was read before is read again")
  func readAgain() {
    let reading = reading(.init(start: 0, end: 4))
    for offset in 0..<6 { #expect(reading.receive(offset: Int64(offset)) == .take) }
    #expect(reading.isComplete && !reading.isAnyBehind)
    reading.assignment.readAgain(topic: Self.orders, partition: 0, from: 2)
    #expect(!reading.isComplete && reading.isAnyBehind && reading.progress == 0)
    #expect(reading.receive(offset: 6) == .skip)
    #expect(reading.offsets == [id(0): 2])
    reading.assign()
    for offset in 2..<5 { #expect(reading.receive(offset: Int64(offset)) == .take) }
    #expect(!reading.isComplete && reading.isAnyBehind && reading.progress == 0.75)
    #expect(reading.receive(offset: 5) == .take)
    #expect(reading.isComplete && !reading.isAnyBehind)
  }

  @Test("if the assignment fails, a partition that must be read again waits until it succeeds")
  func failedAssignment() {
    let reading = reading(.init(start: 0, end: 4))
    for offset in 0..<4 { #expect(reading.receive(offset: Int64(offset)) == .take) }
    reading.assignment.readAgain(topic: Self.orders, partition: 0, from: 2)
    #expect(throws: KafkaError.self) {
      try reading.assignment.assignAnew { offsets throws(KafkaError) in
        throw KafkaError(description: "\(offsets.count) partitions")
      }
    }
    #expect(reading.mustAssign && reading.receive(offset: 4) == .skip)
    #expect(reading.offsets == [id(0): 2] && !reading.isComplete)
    reading.assign()
    #expect(!reading.mustAssign && reading.receive(offset: 2) == .take)
  }

  @Test("a partition with unread messages is not idle, also when it does not count as behind any longer")
  func idle() {
    let reading = reading(.init(start: 0, end: 2))
    for offset in 0..<2 { #expect(reading.receive(offset: Int64(offset)) == .take) }
    #expect(reading.assignment.isIdle(id(0)))
    reading.assignment.wake(id(0), end: 5)
    for _ in 0..<2 { reading.assignment.beginRound() }
    #expect(!reading.isAnyBehind && !reading.assignment.isIdle(id(0)))
    #expect(!reading.reachEnd(offset: 5))
    #expect(reading.assignment.isIdle(id(0)))
    #expect(!reading.assignment.isIdle(id(1)), "it is not known")
  }

  @Test("an unreadable partition does not rest, however long it is quiet")
  func unreadable() {
    let reading = crowd()
    for _ in 0..<2 { reading.assignment.beginRound() }
    var unreadable = UnreadablePartitions()
    _ = unreadable.note(.error("no permission"), of: id(0))
    #expect(reading.assignment.rest(isUnreadable: unreadable.contains) == [id(1)])
    unreadable.keep(reading.assignment.follows)
    #expect(unreadable.ids == [id(0)])
  }

  @Test("a resting partition that must be read again gets its turn")
  func readRestingAgain() {
    let reading = Reading(since: nil)
    for partition in 0..<Int32(Assignment.mostFollowed + 1) {
      reading.assignment.add(id(partition), topic: Self.orders, bounds: .init(start: 0, end: 1))
    }
    _ = reading.assignment.turn()
    for partition in 0..<Int32(Assignment.mostFollowed + 1) { _ = reading.receive(Self.orders, partition, offset: 0) }
    let resting = reading.assignment.rest()
    #expect(resting.count == 1 && reading.isComplete)
    reading.assignment.readAgain(topic: Self.orders, partition: resting[0].partition, from: 0)
    #expect(!reading.isComplete)
    #expect(reading.assignment.turn() == [resting[0]: 0])
    #expect(reading.receive(Self.orders, resting[0].partition, offset: 0) == .take)
    #expect(reading.isComplete)
  }
}
