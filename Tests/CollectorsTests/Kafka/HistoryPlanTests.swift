import Core
import TestRandom
import Testing

@testable import Clients
@testable import Collectors

@Suite("Reading history in slices")
struct HistoryPlanTests {
  private static let now = Timestamp(milliseconds: 1_769_508_000_000)

  /// A log with one timestamp per offset, ascending.
  private struct Log {
    var times: [Timestamp]

    func first(at instant: Timestamp) -> Int64 { Int64(times.firstIndex { $0 >= instant } ?? -1) }
  }

  /// All slices of the offsets before `present`.
  private func slices(
    _ logs: [TopicPartition: Log], present: Timestamp, wanted: Timestamp?, slice: Int
  ) -> (slices: [HistoryPlan.Slice], readSince: [Timestamp]) {
    var plan = HistoryPlan(
      logs.mapValues { log in
        let high = log.first(at: present)
        let low = wanted.map(log.first) ?? 0
        return .init(low: low < 0 ? Int64(log.times.count) : low, high: high < 0 ? Int64(log.times.count) : high)
      }, readSince: present, wantedSince: wanted, slice: slice)
    var found: [HistoryPlan.Slice] = []
    var instants: [Timestamp] = []
    while !plan.isDone, found.count < 10_000 {
      guard let next = plan.next({ instant in logs.mapValues { $0.first(at: instant) } }) else { break }
      found.append(next)
      plan.finish(next)
      instants.append(plan.readSince)
    }
    return (found, instants)
  }

  @Test(
    "slices contain each offset before the present once, the newest first, and no slice is much larger than requested",
    arguments: 0..<200)
  func partition(seed: Int) {
    var random = SeededRandom(seed: UInt64(seed))
    var logs: [TopicPartition: Log] = [:]
    for number in 0..<Int.random(in: 1...5, using: &random) {
      var time = Self.now - .seconds(86_400)
      let pace = Int.random(in: 1...3_000, using: &random)
      let times = (0..<Int.random(in: 0...300, using: &random)).map { _ in
        time = time + .milliseconds(Int.random(in: 1...pace * 2, using: &random) * 100)
        return min(time, Self.now)
      }
      logs[TopicPartition(topic: "t", partition: Int32(number))] = Log(times: times)
    }
    let wanted = Bool.random(using: &random) ? Self.now - .seconds(Int.random(in: 0...100_000, using: &random)) : nil
    let present = max(Self.now - .seconds(Int.random(in: 0...4_000, using: &random)), wanted ?? .distantPast)
    let limit = Int.random(in: 5...100, using: &random)
    let (slices, instants) = slices(logs, present: present, wanted: wanted, slice: limit)
    for (id, log) in logs {
      let offsets = slices.flatMap { slice in slice.spans[id].map { Array($0.low..<$0.high) } ?? [] }
      let first = wanted ?? .distantPast
      let expected = log.times.indices.filter { log.times[$0] < present && log.times[$0] >= first }
      // Messages with equal timestamps are adjacent in the log, regardless of where the present begins.
      #expect(offsets.sorted() == expected.map(Int64.init), "seed \(seed), \(id)")
    }
    #expect(instants == instants.sorted(by: >), "seed \(seed)")
    for (slice, instant) in zip(slices, instants) {
      let times = slice.spans.flatMap { id, span in (span.low..<span.high).map { logs[id]!.times[Int($0)] } }
      #expect(times.allSatisfy { $0 >= instant } || slice.start == nil, "seed \(seed)")
      let isOneSecond = (times.max() ?? Self.now) - (times.min() ?? Self.now) <= .seconds(2)
      #expect(times.count <= limit || isOneSecond, "seed \(seed): \(times.count) of \(limit)")
    }
  }

  @Test(
    "a slice is found with few requests and is not empty for any distribution of messages",
    arguments: [0, 3, 100, 5_000])
  func questions(gap: Int) throws {
    let id = TopicPartition(topic: "t", partition: 0)
    let log = Log(times: (0..<5_000).map { Self.now - .seconds(gap) - .milliseconds((5_000 - $0) * 10) })
    var plan = HistoryPlan([id: .init(low: 0, high: 5_000)], readSince: Self.now, wantedSince: nil, slice: 1_000)
    var (asked, slices) = (0, 0)
    while !plan.isDone {
      let slice = try #require(
        plan.next {
          asked += 1
          return [id: log.first(at: $0)]
        })
      #expect(slice.spans[id]?.count ?? 0 > 0)
      slices += 1
      plan.finish(slice)
    }
    #expect(slices <= 20 && asked <= 40, "\(asked) questions, \(slices) slices")
  }

  @Test("no slice is chosen while a partition has not responded")
  func silence() {
    let id = TopicPartition(topic: "t", partition: 0)
    var plan = HistoryPlan([id: .init(low: 0, high: 100)], readSince: Self.now, wantedSince: nil, slice: 10)
    #expect(plan.next { _ in [:] } == nil)
    #expect(plan.left == 100)
  }

  @Test("without offsets by time the rest is one slice")
  func noLookUp() {
    let id = TopicPartition(topic: "t", partition: 0)
    var plan = HistoryPlan([id: .init(low: 0, high: 100)], readSince: Self.now, wantedSince: nil, slice: 10)
    #expect(plan.next { _ in [id: -1] }?.spans == [id: .init(low: 0, high: 100)])
  }

  @Test("a partition of a slice is complete after its last offset, a later one, or the end of the log")
  func sliceEnds() {
    let symbols = SymbolTable()
    let topic = symbols.symbol("t")
    var reading = SliceReading(
      (0..<3).map { (TopicPartition(topic: "t", partition: $0), .init(low: 10, high: 20)) }, symbol: symbols.symbol)
    #expect(reading.takes(topic, 0, 10) && reading.takes(topic, 0, 19))
    #expect(reading.takes(topic, 1, 12) && !reading.takes(topic, 1, 25) && !reading.takes(topic, 1, 26))
    #expect(reading.takes(topic, 2, 10) && !reading.takes(topic, 2, 10))
    reading.reachedEnd(topic, 2)
    #expect(reading.isDone && reading.done == 30)
    #expect(Set(reading.takeFinished().map(\.partition)) == [0, 1, 2])
    #expect(reading.takeFinished().isEmpty)
  }

  @Test("a deleted topic is skipped when two responses do not contain it, and the rest is read")
  func deletedTopic() {
    let (kept, deleted) = (
      TopicPartition(topic: "orders", partition: 0), TopicPartition(topic: "payments", partition: 0)
    )
    let whole = ClusterMetadata(
      brokers: [:], topics: ["orders": [.init(id: 0, leader: 1)], "payments": [.init(id: 0, leader: 1)]])
    let less = ClusterMetadata(brokers: [:], topics: ["orders": [.init(id: 0, leader: 1)]])
    var gone = GonePartitions()
    for (answer, expected) in [
      (whole, false), (less, false), (whole, false), (less, false), (less, true), (less, true), (whole, false),
      (less, false), (less, true),
    ] {
      gone.note([kept, deleted], answer)
      #expect(gone.all == (expected ? [deleted] : []) && gone.isAnyAbsent == (answer.topics.count == 1))
    }
    var plan = HistoryPlan(
      [kept: .init(low: 0, high: 10), deleted: .init(low: 0, high: 10)], readSince: Self.now, wantedSince: nil, slice: 5
    )
    #expect(plan.next { _ in [kept: 0] } == nil)
    plan.drop(gone.all)
    #expect(plan.left == 10 && plan.next { _ in [kept: 0] }?.spans == [kept: .init(low: 0, high: 10)])
    plan.drop([kept])
    #expect(plan.isDone)
  }

  @Test("a partition is gone if its topic has no error and does not list it")
  func troubled() {
    let metadata = ClusterMetadata(
      brokers: [:], topics: ["orders": [.init(id: 0, leader: 1)]], troubled: ["payments": "not authorized"])
    let ids = [("orders", 0), ("orders", 1), ("payments", 0), ("refunds", 0)].map { topic, partition in
      TopicPartition(topic: topic, partition: Int32(partition))
    }
    #expect(ids.map(metadata.isGone) == [false, true, false, true])
    var gone = GonePartitions()
    for _ in 0..<2 { gone.note(ids, metadata) }
    #expect(gone.all == [ids[1], ids[3]])
  }

  @Test("partitions that are removed from a slice count as read, and must not be unassigned afterwards")
  func removed() {
    let ids = (0..<3).map { TopicPartition(topic: "t", partition: $0) }
    let symbols = SymbolTable()
    var reading = SliceReading(ids.map { ($0, .init(low: 0, high: 9)) }, symbol: symbols.symbol)
    reading.reachedEnd(symbols.symbol("t"), 1)
    reading.keep { $0 != ids[0] }
    #expect(reading.done == 18 && reading.offsets == [ids[2]: 0])
    let finished = reading.takeFinished()
    #expect(finished == [ids[1]])
  }

  @Test("an error of a partition is reported until its part of the slice is read or the partition is deleted")
  func unreadable() {
    let ids = (0..<2).map { TopicPartition(topic: "t", partition: $0) }
    let symbols = SymbolTable()
    var reading = SliceReading(ids.map { ($0, .init(low: 0, high: 9)) }, symbol: symbols.symbol)
    var unreadable = UnreadablePartitions()
    for id in ids { _ = unreadable.note(.error("no permission"), of: id) }
    reading.keep { $0 != ids[0] }
    unreadable.keep(reading.isOpen)
    #expect(unreadable.text(after: nil) == "t[1] cannot be read: no permission; trying again")
    reading.reachedEnd(symbols.symbol("t"), 1)
    unreadable.keep(reading.isOpen)
    #expect(unreadable.text(after: nil) == nil)
  }

  @Test("logs of the largest size are planned and read")
  func absurd() {
    let ids = (0..<3).map { TopicPartition(topic: "orders", partition: $0) }
    let spans = Dictionary(uniqueKeysWithValues: ids.map { ($0, HistoryPlan.Span(low: 0, high: .max)) })
    var plan = HistoryPlan(spans, readSince: Self.now, wantedSince: nil, slice: 1000)
    #expect(plan.total == .max && plan.left == .max)
    let slice = plan.next { _ in Dictionary(uniqueKeysWithValues: ids.map { ($0, 7) }) }
    #expect(slice?.spans.count == 3)
    let symbols = SymbolTable()
    var reading = SliceReading(spans.map { ($0, $1) }, symbol: symbols.symbol)
    for partition in 0..<3 as Range<Int32> {
      let isWanted = reading.takes(symbols.symbol("orders"), partition, .max)
      #expect(!isWanted)
    }
    #expect(reading.isDone && reading.done == .max)
  }
}
