import Testing

@testable import Text

@Suite("Durations as text")
struct DurationTextTests {
  @Test(
    "units may be combined and have fractions",
    arguments: [
      ("0", .zero), ("250ms", .milliseconds(250)), ("30s", .seconds(30)), ("15m", .seconds(900)),
      ("1h30m", .seconds(5400)), ("2d", .seconds(172_800)), ("1w", .seconds(604_800)), ("1.5h", .seconds(5400)),
      ("0.5ms", .microseconds(500)), ("36500d", .seconds(3_153_600_000)),
    ] as [(String, Duration)])
  func understood(text: String, duration: Duration) {
    #expect(DurationText.parse(text) == duration)
  }

  @Test(
    "a duration without unit or number, with a sign or blank, or above a hundred years is refused",
    arguments: [
      "", "30", "s", "-1h", "+1h", "1 h", "1h ", "1H", "1x", "1e3s", "1..5s", "0x10s", "٣s", "40000d",
      "999999999999999999999w", "forever",
    ])
  func refused(text: String) {
    #expect(DurationText.parse(text) == nil)
  }
}
