import Core
import Testing

@testable import TUI

@Suite("Lag as text")
struct LagTextTests {
  @Test(
    "an age that is not exact is marked",
    arguments: [
      (LagTime(.seconds(250), .exact), "4m10s"), (LagTime(.seconds(250), .interpolated), "~4m10s"),
      (LagTime(.seconds(250), .atLeast), ">4m10s"), (LagTime(.seconds(250), .atMost), "<4m10s"), (.unknown, "-"),
      (.zero, "0.0s"), (LagTime(.seconds(1_000_000_000), .interpolated), "~>27y"),
    ])
  func age(time: LagTime, text: String) {
    #expect(LagText.age(time) == text)
  }

  @Test(
    "an unknown time to drain is never 0",
    arguments: [
      (DrainTime.unknown, "-"), (.nothing, "0s"), (.after(.milliseconds(900)), "0.9s"), (.notDraining, "never"),
    ])
  func drain(drain: DrainTime, text: String) {
    #expect(LagText.drain(drain) == text)
  }

  @Test(
    "rates fit five columns, without their unit",
    arguments: [
      (nil, "-"), (0, "0.0"), (2.14, "2.1"), (42.4, "42"), (9_999, "9999"), (123_456, "123k"), (1e300, "1.0E"),
      (.nan, "-"), (.infinity, "-"), (-3, "0.0"),
    ] as [(Double?, String)])
  func rate(rate: Double?, text: String) {
    #expect(LagText.perSecond(rate) == text)
  }

  @Test(
    "an offset keeps all digits if there is room",
    arguments: [
      (nil, 10, "-"), (0, 10, "0"), (1_234_567_890, 10, "1234567890"), (12_345_678_901, 10, "12G"), (.max, 10, "9.2E"),
    ] as [(Int64?, Int, String)])
  func offset(number: Int64?, columns: Int, text: String) {
    #expect(LagText.offset(number, columns: columns) == text)
  }
}
