import TestRandom
import Testing

@testable import Core

@Suite("Offsets that contain messages")
struct LogRecordsTests {
  private static let topic = Symbol(number: 7)
  private static let key = TopicPartitionKey(topic: topic, partition: 3)
  private static let start = LagScenario.start

  private func origin(_ offset: Int64) -> Origin { Origin(topic: Self.topic, partition: 3, offset: offset) }

  private func records(_ offsets: some Sequence<Int64>) -> LogRecords {
    var records = LogRecords()
    for offset in offsets { records.note(Timestamp(milliseconds: offset), of: origin(offset)) }
    return records
  }

  private func found(_ from: Int64, _ offset: Int64, hasMessage: Bool) -> FirstMessage {
    FirstMessage(key: Self.key, from: from, offset: offset, hasMessage: hasMessage, time: Timestamp(milliseconds: 9))
  }

  @Test("there is no message between two consecutively read messages")
  func gaps() {
    let records = records([10, 11, 50, 99])
    #expect(records.empty(of: Self.key, from: 11, to: 100) == 86)
    #expect(records.empty(of: Self.key, from: 12, to: 50) == 38)
    #expect(records.first(of: Self.key, from: 12).offset == 50)
    #expect(records.first(of: Self.key, from: 12).time == Timestamp(milliseconds: 50))
    #expect(records.empty(of: Self.key, from: 0, to: 10) == 0, "what lies before the first was not read")
    #expect(records.empty(of: Self.key, from: 99, to: 120) == 0, "nor what lies behind the last")
    #expect(records.first(of: Self.key, from: 100) == (100, nil))
  }

  @Test("a late message fills its offset")
  func late() {
    var records = records([10, 20])
    records.note(nil, of: origin(15))
    #expect(records.empty(of: Self.key, from: 10, to: 21) == 8)
    #expect(records.first(of: Self.key, from: 12) == (15, nil))
    records.note(nil, of: origin(5))
    #expect(records.empty(of: Self.key, from: 5, to: 10) == 0)
  }

  @Test("a constant log end has no message; a later one there is accepted")
  func tail() {
    var records = records([10])
    for second in stride(from: Int64(0), through: 18, by: 2) {
      records.settle(Self.key, end: 15, isWhole: true, at: Self.start + .seconds(second))
    }
    #expect(records.empty(of: Self.key, from: 11, to: 15) == 0)
    records.settle(Self.key, end: 15, isWhole: false, at: Self.start + .seconds(19))
    for second in stride(from: Int64(20), through: 40, by: 2) {
      #expect(records.empty(of: Self.key, from: 11, to: 15) == 0, "a reader that is not up to date starts anew")
      records.settle(Self.key, end: 15, isWhole: true, at: Self.start + .seconds(second))
    }
    #expect(records.empty(of: Self.key, from: 11, to: 15) == 4)
    records.note(nil, of: origin(13))
    #expect(records.empty(of: Self.key, from: 11, to: 15) == 2)
  }

  @Test("a fetched result is used once, and only beyond the reader's position")
  func fetched() {
    var records = LogRecords()
    records.note(found(5, 40, hasMessage: false))
    #expect(records.empty(of: Self.key, from: 5, to: 40) == 35)
    #expect(records.first(of: Self.key, from: 20) == (40, nil))
    records.note(found(20, 45, hasMessage: true))
    #expect(records.empty(of: Self.key, from: 5, to: 100) == 40)
    #expect(records.first(of: Self.key, from: 5) == (45, Timestamp(milliseconds: 9)))
    for offset in [Int64(30), 38] { records.note(nil, of: origin(offset)) }
    #expect(records.empty(of: Self.key, from: 5, to: 100) == 25 + 7 + 6)
    records.forget(Self.key)
    #expect(records.empty(of: Self.key, from: 5, to: 100) == 0)
  }

  @Test("stored data is limited")
  func bounded() {
    let records = records(0..<10_000)
    #expect(records.first(of: Self.key, from: 9_999).time == Timestamp(milliseconds: 9_999))
    #expect(records.first(of: Self.key, from: 9_000).time == Timestamp(milliseconds: 9_000))
    #expect(records.first(of: Self.key, from: 0) == (0, nil))
  }

  @Test("for any messages and batch order, no message is taken for a gap", arguments: 0..<50)
  func property(seed: UInt64) {
    var random = SeededRandom(seed: seed)
    var records = LogRecords()
    var (all, next): (Set<Int64>, Int64) = ([], 0)
    for _ in 0..<60 {
      let batch = (0..<10).map { _ in
        next += Int64.random(in: 1...3, using: &random)
        return next
      }
      all.formUnion(batch)
      let (first, second) = (batch.filter { $0 % 4 != 0 }, batch.filter { $0 % 4 == 0 })
      for offset in first + second { records.note(nil, of: origin(offset)) }
    }
    let low = Int64.random(in: 0...next, using: &random)
    let high = Int64.random(in: low...(next + 5), using: &random)
    let empty = records.empty(of: Self.key, from: low, to: high)
    let messages = Int64(all.count { $0 >= low && $0 < high })
    #expect(empty >= 0 && empty <= high - low - messages, "seed \(seed)")
    if let first = all.filter({ $0 >= low }).min() {
      #expect(records.first(of: Self.key, from: low).offset <= first, "seed \(seed)")
    }
  }
}
