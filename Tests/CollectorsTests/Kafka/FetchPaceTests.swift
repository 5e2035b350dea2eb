import Testing

@testable import Clients
@testable import Collectors

@Suite("pacing of fetches")
struct FetchPaceTests {
  private static let fetch: Int16 = 1

  /// Broker 1 leads two partitions of `orders`, broker 2 one.
  private func pace(wait: Int32 = 100) -> FetchPace {
    let pace = FetchPace(wait: wait)
    pace.follow(["orders": [.init(id: 0, leader: 1), .init(id: 1, leader: 1), .init(id: 2, leader: 2)]])
    return pace
  }

  /// 32 bytes, then 12 for the topic's name and frame, then 42 for each partition.
  @Test(
    "an answer without messages is held back for as long as the broker was asked to, and nothing else is",
    arguments: [
      ("an empty answer at once", 1, fetch, 128, 1_000, 99_000),
      ("the other broker's is smaller", 2, fetch, 86, 1_000, 99_000),
      ("more than the partitions' frames: there is a message in it", 1, fetch, 129, 1_000, 0),
      ("a broker that waits", 1, fetch, 128, 100_000, 0),
      ("a broker that waits a little", 1, fetch, 128, 60_000, 40_000),
      ("another request", 1, 3, 60, 1_000, 0),
      ("a broker that leads nothing", 3, fetch, 10, 1_000, 0),
      ("a time that cannot be", 1, fetch, 10, -5, 0),
    ] as [(String, Int32, Int16, Int, Int64, UInt32)])
  func table(why: String, broker: Int32, request: Int16, size: Int, roundTrip: Int64, pause: UInt32) {
    #expect(
      pace().pause(broker: broker, request: request, size: size, roundTrip: roundTrip) == pause, Comment(rawValue: why))
  }

  @Test("never longer than a tenth of a second, whatever the operator's fetch.wait.max.ms is")
  func bounded() {
    #expect(pace(wait: 300_000).pause(broker: 1, request: Self.fetch, size: 50, roundTrip: 0) == 100_000)
    #expect(pace(wait: -1).pause(broker: 1, request: Self.fetch, size: 50, roundTrip: 0) == 0)
  }

  @Test("before anything is read nothing is held back")
  func beforeReading() {
    #expect(FetchPace(wait: 100).pause(broker: 1, request: Self.fetch, size: 10, roundTrip: 0) == 0)
  }
}
