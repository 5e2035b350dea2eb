import TestRandom
import Testing

@testable import Core

@Suite("Rates of the recent past")
struct RateSeriesTests {
  private func second(_ value: Int64) -> Timestamp { Timestamp(milliseconds: value * 1000) }

  @Test("before the first event there is no rate, rather than a rate of zero")
  func unknown() {
    let series = RateSeries()
    #expect(series.rate(over: 60, before: second(100)) == nil)
    #expect(series.history(buckets: 3, width: 5, before: second(100)) == [nil, nil, nil])
  }

  @Test("while the time since the first event is shorter than the span, it is used instead")
  func young() {
    var series = RateSeries()
    for at in 90..<100 as Range<Int64> { series.add(3, at: second(at)) }
    #expect(series.rate(over: 60, before: second(100)) == 3)
  }

  @Test("after the first event, a second without events counts as zero")
  func silence() {
    var series = RateSeries()
    series.add(10, at: second(50))
    #expect(series.rate(over: 10, before: second(60)) == 1)
    #expect(series.rate(over: 10, before: second(80)) == 0)
  }

  @Test("the intervals of the history do not move with time")
  func history() {
    var series = RateSeries()
    for at in 100..<110 as Range<Int64> { series.add(2, at: second(at)) }
    #expect(series.history(buckets: 3, width: 5, before: second(110)) == [nil, 2, 2])
    #expect(series.history(buckets: 3, width: 5, before: second(114)) == [nil, 2, 2])
    #expect(series.history(buckets: 3, width: 5, before: second(115)) == [2, 2, 0])
  }

  @Test("events added out of order and removed again count as if in order", arguments: 1...20)
  func order(seed: Int) {
    var random = SeededRandom(seed: UInt64(seed))
    let times = (0..<200).map { _ in Int64.random(in: 1000...1300, using: &random) }
    var orderly = RateSeries()
    for time in times.sorted() { orderly.add(1, at: second(time)) }
    var shuffled = RateSeries()
    for time in times.shuffled(using: &random) {
      shuffled.add(2, at: second(time))
      shuffled.add(-1, at: second(time))
    }
    let now = second(1301)
    #expect(
      orderly.history(buckets: 60, width: 5, before: now) == shuffled.history(buckets: 60, width: 5, before: now),
      "seed \(seed)")
  }

  @Test("events before the span are not counted")
  func old() {
    var series = RateSeries()
    series.add(1, at: second(10_000))
    series.add(5, at: second(10_000 - RateSeries.span))
    #expect(series.rate(over: RateSeries.span, before: second(10_001)) == 1)
  }

  @Test(
    "extreme times are counted like others",
    arguments: [Int64.min, -.max, -1_000_000_001, -1, 0, 1, .max])
  func ends(nanoseconds: Int64) {
    var series = RateSeries()
    let time = Timestamp(nanoseconds: nanoseconds)
    series.add(1, at: time)
    #expect(series.rate(over: 60, before: time + .seconds(1)) == (nanoseconds == .max ? nil : 1))
    _ = series.history(buckets: 60, width: 5, before: time)
  }
}
