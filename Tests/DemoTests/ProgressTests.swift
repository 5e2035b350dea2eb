import Testing

@testable import Demo

@Suite("Progress on a topic")
struct ProgressTests {
  private let partition = OffsetTracker.Partition(topic: "order-created", number: 0)

  @Test("an offset may be committed only after all previous messages are handled")
  func commitOrder() {
    var tracker = OffsetTracker()
    for offset in 5..<8 { tracker.begin(partition, Int64(offset)) }
    let commits = [tracker.finish(partition, 6), tracker.finish(partition, 5), tracker.finish(partition, 7)]
    #expect(commits == [nil, 7, 8])
    #expect(tracker.inProgress == 0)
  }

  @Test("discarded or never started messages commit nothing")
  func forgotten() {
    var tracker = OffsetTracker()
    tracker.begin(partition, 5)
    tracker.reset()
    let commit = tracker.finish(partition, 5)
    #expect(commit == nil)
    #expect(tracker.inProgress == 0)
  }

  @Test("an order belongs to one worker at a time, until it ends or the worker is lost")
  func claims() {
    var table = BoundedTable<Int>()
    let attempts = [table.begin(1001, by: "node-1"), table.begin(1001, by: "node-2")]
    #expect(attempts == [true, false])
    table.abandon(by: "node-1")
    let again = table.begin(1001, by: "node-2")
    #expect(again)
  }

  @Test("each service executes an operator's request once, also if it is sent again; if it is read again, it continues")
  func requests() throws {
    func event(_ key: String?, at offset: Int64) throws -> ReceivedEvent {
      let message = KafkaMessage(
        topic: "payment-failed", partition: 0, offset: offset, timestamp: 1, key: nil,
        value: Array(#"{"orderId":7}"#.utf8),
        headers: key.map { [KafkaMessage.Header(name: "idempotency-key", value: $0)] } ?? [])
      return try #require(ReceivedEvent(message))
    }
    let book = RequestBook(capacity: 2)
    #expect(book.take(try event(nil, at: 0), for: .order) == .event)
    #expect(book.take(try event("a", at: 1), for: .order) == .taken)
    #expect(book.take(try event("a", at: 1), for: .inventory) == .taken)
    #expect(book.take(try event("a", at: 1), for: .order) == .readAgain)
    #expect(book.take(try event("a", at: 2), for: .order) == .repeated)
    #expect(book.take(try event("b", at: 3), for: .order) == .taken)
    #expect(book.take(try event("a", at: 4), for: .order) == .taken)
  }

  @Test("only the newest orders are remembered")
  func bounded() {
    var table = BoundedTable<Int>(capacity: 100)
    for id in 0..<1000 { table[id] = id }
    #expect((0..<900).allSatisfy { table[$0] == nil })
    #expect((900..<1000).allSatisfy { table[$0] == $0 })
  }

  @Test("timers fire in order of time, and in order of insertion for equal times")
  func timers() {
    var heap = TimerHeap()
    var fired: [Int] = []
    for (number, due) in [30, 10, 20, 10, 40].enumerated() {
      heap.add(due: UInt64(due)) { fired.append(number) }
    }
    while let action = heap.takeDue(at: 30) { action() }
    #expect(fired == [1, 3, 2, 0])
    #expect(heap.nextDue == 40)
  }

  @Test("a b3 header is parsed to the original trace, and a child span stays in the trace")
  func trace() throws {
    let root = TraceContext(orderId: 1001, chance: SeededChance(seed: 7))
    #expect(TraceContext(header: root.header)?.span == root.span)
    let child = root.child(orderId: 1001, topic: .inventoryReserved, chance: SeededChance(seed: 7))
    #expect(child.trace == root.trace)
    #expect(child.parent == root.span)
    #expect(TraceContext(header: "0") == nil)
    #expect(TraceContext(header: "xyz-123-1") == nil)
  }
}
