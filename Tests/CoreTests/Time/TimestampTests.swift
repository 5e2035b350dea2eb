import Testing
import Text

@testable import Core

@Suite("Timestamps")
struct TimestampTests {
  @Test(
    "are formatted in ISO 8601, UTC, with milliseconds",
    arguments: [
      (0, "1970-01-01T00:00:00.000Z"), (1_769_508_000_000, "2026-01-27T10:00:00.000Z"),
      (951_782_399_999, "2000-02-28T23:59:59.999Z"), (951_782_400_000, "2000-02-29T00:00:00.000Z"),
      (951_868_800_000, "2000-03-01T00:00:00.000Z"), (-1, "1969-12-31T23:59:59.999Z"),
      (1_735_689_599_001, "2024-12-31T23:59:59.001Z"), (4_107_542_400_000, "2100-03-01T00:00:00.000Z"),
    ] as [(Int64, String)])
  func iso(milliseconds: Int64, text: String) {
    #expect(Timestamp(milliseconds: milliseconds).iso8601 == text)
  }

  @Test("clamp instead of trapping when they overflow")
  func range() {
    #expect(Timestamp(milliseconds: .max).nanoseconds == .max)
    #expect(Timestamp(milliseconds: .min).nanoseconds == .min)
    #expect((Timestamp(nanoseconds: .max) + .seconds(1)).nanoseconds == .max)
    #expect((Timestamp.distantPast - .seconds(1)) == .distantPast)
    #expect((Timestamp(nanoseconds: .max) - Timestamp.distantPast).nanosecondsClamped == .max)
    #expect(Duration.seconds(Int64.max).nanosecondsClamped == .max)
  }

  @Test("a clock keeps two digits around midnight and the epoch")
  func clock() {
    #expect(Quantity.clock(Timestamp(milliseconds: 1_769_508_202_000)) == "10:03:22")
    #expect(Quantity.clock(Timestamp(milliseconds: 1_769_508_202_000), offset: .seconds(14 * 3600)) == "00:03:22")
    #expect(Quantity.clock(Timestamp(milliseconds: -1)) == "23:59:59")
    #expect(Quantity.clock(.distantPast, offset: .seconds(-3600)).utf8.count == 8)
  }
}
