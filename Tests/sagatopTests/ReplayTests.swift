import Core
import Glibc
import Testing

@testable import sagatop

@Suite("The clock of a replay")
struct ReplayTests {
  private let start = Timestamp(milliseconds: 1_769_508_000_000)

  @Test("runs at the given speed, stops while paused, and continues from there")
  func pace() {
    let world = Timestamp(milliseconds: 0)
    var pace = ReplayPace(at: start, speed: 10, world: world)
    #expect(pace.time(world: world + .seconds(2)) == start + .seconds(20))
    pace.pause(true, world: world + .seconds(2))
    #expect(pace.time(world: world + .seconds(9)) == start + .seconds(20))
    pace.pause(false, world: world + .seconds(9))
    pace.faster(world: world + .seconds(10))
    #expect(pace.speed == 20 && pace.time(world: world + .seconds(11)) == start + .seconds(50))
    // The system clock may be set back.
    #expect(pace.time(world: world - .seconds(100)) == start + .seconds(30))
  }

  @Test("the speed is limited")
  func bounds() {
    var pace = ReplayPace(at: start, speed: 1e9, world: start)
    #expect(pace.speed == 1000)
    pace.faster(world: start)
    #expect(pace.speed == 1000)
    for _ in 0..<20 { pace.slower(world: start) }
    #expect(pace.speed == 0.1)
  }

  @Test(
    "an instant is given in ISO 8601 or relative to the start",
    arguments: [
      ("+90s", 90_000), ("+1m30s", 90_000), ("2026-01-27T10:00:05Z", 5000), ("2026-01-27T10:00:05.250Z", 5250),
    ])
  func instants(text: String, milliseconds: Int64) {
    #expect(ReplayTime.parse(text, start: start) == start + .milliseconds(milliseconds))
  }

  @Test("a time of day is the first one after the start, in the operator's time zone")
  func timeOfDay() {
    let offset = LocalTime.offset(at: start)
    let clock = { (time: Timestamp) in
      let civil = (time + offset).civil
      return "\(civil.hour):\(civil.minute < 10 ? "0" : "")\(civil.minute):\(civil.second)"
    }
    for seconds in [0, 1, 59, 3600, 86_000] {
      #expect(ReplayTime.parse(clock(start + .seconds(seconds)), start: start) == start + .seconds(seconds))
    }
    #expect(ReplayTime.parse(clock(start - .seconds(60)), start: start) == start - .seconds(60) + .seconds(86_400))
  }

  @Test(
    "anything else is refused",
    arguments: ["", "noon", "25:00", "12:60", "12:5", "12:00:61", "12:00:00:00", "1234", "+x"])
  func nonsense(text: String) {
    #expect(ReplayTime.parse(text, start: start) == nil)
  }
}
