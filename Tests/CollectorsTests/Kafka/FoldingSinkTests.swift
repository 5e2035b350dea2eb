import Core
import Glibc
import Synchronization
import TestRandom
import Testing

@testable import Collectors

@Suite("Folding on another thread")
struct FoldingSinkTests {
  /// Records what it receives, in order: offsets of events, and a negative number for a status. Each batch takes `delay`.
  private final class Slow: ObservationSink {
    let taken = Mutex<[Int64]>([])
    let delay: UInt32

    init(delay: UInt32) { self.delay = delay }

    func accept(_ batch: EventBatch) {
      usleep(delay)
      taken.withLock { $0 += batch.events.map(\.origin.offset) }
    }
    func accept(_ status: SourceStatus) { taken.withLock { $0.append(Int64(-status.messages)) } }
    func accept(_ reading: LagSample) {}
    func accept(_ reading: LockSample) {}
    func accept(_ reading: ServiceSample) {}
    func accept(_ sample: TraceSample) {}
    func accept(_ sample: PodSample) {}
    func accept(_ actions: [ActionRecord]) {}
  }

  private static func batch(_ offsets: Range<Int64>) -> EventBatch {
    EventBatch(
      events: offsets.map {
        Event(type: .none, time: Timestamp(milliseconds: $0), origin: Origin(topic: .none, partition: 0, offset: $0))
      })
  }

  @Test(
    "batches of any size and statuses are forwarded in their original order",
    arguments: 0..<20)
  func order(seed: UInt64) {
    var random = SeededRandom(seed: seed)
    let slow = Slow(delay: UInt32.random(in: 0...300, using: &random))
    let sink = FoldingSink(slow)
    var expected: [Int64] = []
    var next: Int64 = 1
    for _ in 0..<40 {
      let count = Int64.random(in: 0...3, using: &random) * Int64(FoldingSink.fewest) / 2
      var batch = Self.batch(next..<next + count)
      expected += next..<next + count
      next += count
      sink.take(&batch)
      #expect(batch.isEmpty)
      guard Bool.random(using: &random) else { continue }
      var status = SourceStatus(.kafka)
      status.messages = Int(next)
      sink.accept(status)
      expected.append(-next)
      // A status is delivered only after all previous events.
      #expect(slow.taken.withLock { $0 } == expected)
    }
    sink.end()
    #expect(slow.taken.withLock { $0 } == expected, "seed \(seed)")
  }

  @Test("a slow sink blocks the reader: at most two batches are queued")
  func backPressure() {
    let slow = Slow(delay: 20_000)
    let sink = FoldingSink(slow)
    var ahead = 0
    for number in 0..<8 {
      let first = Int64(number * FoldingSink.fewest)
      var batch = Self.batch(first..<first + Int64(FoldingSink.fewest))
      sink.take(&batch)
      let folded = slow.taken.withLock { $0.count } / FoldingSink.fewest
      ahead = max(ahead, number + 1 - folded)
    }
    #expect(ahead <= 2)
    sink.end()
    #expect(slow.taken.withLock { $0.count } == 8 * FoldingSink.fewest)
  }
}
