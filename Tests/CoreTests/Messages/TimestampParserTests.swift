import TestRandom
import Testing

@testable import Core

@Suite("Times as messages write them")
struct TimestampParserTests {
  private static let second: Int64 = 1_769_508_000

  @Test(
    "ISO 8601 with and without zone, fraction, time",
    arguments: [
      ("2026-01-27T10:00:00Z", 0), ("2026-01-27T10:00:00z", 0), ("2026-01-27t10:00:00Z", 0),
      ("2026-01-27T10:00:00", 0), ("2026-01-27 10:00:00", 0), ("2026-01-27T10:00", 0), ("2026-01-27T10:00Z", 0),
      ("2026-01-27T10:00:00.5Z", 500_000_000), ("2026-01-27T10:00:00.123", 123_000_000),
      ("2026-01-27T10:00:00,25Z", 250_000_000), ("2026-01-27T10:00:00.123456", 123_456_000),
      ("2026-01-27T10:00:00.123456789Z", 123_456_789), ("2026-01-27T10:00:00.1234567899Z", 123_456_789),
      ("2026-01-27T12:00:00+02:00", 0), ("2026-01-27T12:00:00+0200", 0), ("2026-01-27T12:00:00+02", 0),
      ("2026-01-27T04:30:00-05:30", 0), ("2026-01-27T19:00:00.000+09:00", 0), ("2026-01-27", -36_000_000_000_000),
      ("2026-01-27T09:59:60Z", 0),
    ] as [(String, Int64)])
  func iso(text: String, nanoseconds: Int64) {
    #expect(TimestampParser.parse(text)?.nanoseconds == Self.second * 1_000_000_000 + nanoseconds)
  }

  @Test(
    "numbers since 1970, whose magnitude tells the unit",
    arguments: [
      ("1769508000", 0), ("1769508000.25", 250_000_000), ("1769508000.123456789", 123_456_789),
      ("1769508000123", 123_000_000), ("1769508000123.5", 123_500_000), ("1769508000123456", 123_456_000),
      ("1769508000123456789", 123_456_789),
    ] as [(String, Int64)])
  func epoch(text: String, nanoseconds: Int64) {
    #expect(TimestampParser.parse(text)?.nanoseconds == Self.second * 1_000_000_000 + nanoseconds)
  }

  @Test(
    "the ends of the calendar and of the units",
    arguments: [
      ("0", 0), ("1", 1_000_000_000), ("2026", 2_026_000_000_000), ("-1", -1_000_000_000), ("-1.5", -1_500_000_000),
      ("1970-01-01", 0), ("1969-12-31T23:59:59.999Z", -1_000_000), ("2000-02-29", 951_782_400_000_000_000),
      ("2024-02-29T00:00:00Z", 1_709_164_800_000_000_000), ("99999999999", nil),
      ("2262-04-11", 9_223_286_400_000_000_000),
      ("2262-04-12", nil), ("1677-09-22", -9_223_286_400_000_000_000), ("0001-01-01", nil), ("9999-12-31", nil),
      ("9223372036854775807", .max), ("9223372036854775808", nil),
    ] as [(String, Int64?)])
  func ends(text: String, nanoseconds: Int64?) {
    #expect(TimestampParser.parse(text)?.nanoseconds == nanoseconds)
  }

  @Test(
    "everything else is no time",
    arguments: [
      "", " ", "soon", "-", ".5", "1.", "0x10", "+1", "1 ", "2026-1-7", "2026-13-01", "2026-00-01", "2026-01-00",
      "2026-02-29", "1900-02-29", "2026-04-31", "2026-01-27T", "2026-01-27T24:00:00", "2026-01-27T10",
      "2026-01-27T10:60:00",
      "2026-01-27T10:00:61", "2026-01-27T10:00:00.", "2026-01-27T10:00:00+", "2026-01-27T10:00:00+2",
      "2026-01-27T10:00:00+24:00",
      "2026-01-27T10:00:00Z ", "2026-01-27T10:00:00ZZ", "27.01.2026", "2026/01/27", "2026-01-27X10:00:00",
      String(repeating: "1", count: 65), "２０２６-01-27", "----------",
    ])
  func nothing(text: String) {
    #expect(TimestampParser.parse(text) == nil)
  }

  @Test("an instant that is written in ISO 8601 is read back", arguments: 0..<100 as Range<UInt64>)
  func roundTrip(seed: UInt64) {
    var random = SeededRandom(seed: seed)
    for _ in 0..<50 {
      // The years 1678 to 2261.
      let instant = Timestamp(milliseconds: Int64.random(in: -9_214_000_000_000...9_214_000_000_000, using: &random))
      #expect(TimestampParser.parse(instant.iso8601) == instant, "seed \(seed)")
    }
  }
}
