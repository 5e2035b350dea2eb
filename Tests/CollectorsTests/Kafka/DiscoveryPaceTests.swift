import Core
import Testing

@testable import Collectors

@Suite("Intervals between requests for topics and partitions")
struct DiscoveryPaceTests {
  private static let start = Timestamp(milliseconds: 1_769_508_000_000)

  @Test(
    "the interval depends on the duration of the last round and on new partitions",
    arguments: [
      ("nothing is new", 0, false, 3000), ("others often follow new partitions", 0, true, 2000),
      ("a slow round is followed by a longer pause", 1500, false, 4500), ("at most 5 s", 60_000, false, 5000),
    ])
  func interval(why: String, took: Int64, hasNews: Bool, expected: Int64) {
    var pace = DiscoveryPace()
    #expect(pace.isDue(at: Self.start))
    let now = Self.start + .milliseconds(took)
    pace.finished(Self.start, at: now, hasNews: hasNews)
    #expect(pace.next == now + .milliseconds(expected), Comment(rawValue: why))
    #expect(!pace.isDue(at: now) && pace.isDue(at: now + .milliseconds(expected)), Comment(rawValue: why))
    #expect(pace.isDue(at: now - .seconds(60)), "the clock was set back")
    pace.lookAtOnce()
    #expect(pace.isDue(at: now))
    pace.failed(at: now)
    #expect(!pace.isDue(at: now) && pace.isDue(at: now + DiscoveryPace.retryInterval))
  }
}
