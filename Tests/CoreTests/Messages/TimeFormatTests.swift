import Testing

@testable import Core

@Suite("Time formats and time zones")
struct TimeFormatTests {
  private static let noon = Timestamp(milliseconds: 1_795_953_602_000)  // 2026-11-29T12:00:02Z

  private func read(_ text: String, _ format: String, zone: ZoneOffsets? = nil) throws -> TimestampParser.Reading? {
    let format = try TimeFormat(format)
    var text = text
    return text.withUTF8 { format.read(UnsafeRawBufferPointer($0), zone: zone) }
  }

  @Test(
    "patterns of Java and .NET",
    arguments: [
      ("11/29/2026 12:00:02", "MM/dd/yyyy HH:mm:ss"), ("11/29/2026 12:00:02 PM", "M/d/yyyy h:mm:ss tt"),
      ("29.11.26 12:00:02", "dd.MM.yy HH:mm:ss"), ("20261129120002", "yyyyMMddHHmmss"),
      ("2026-11-29 12:00:02:000000 Z", "yyyy-MM-dd HH:mm:ss:ffffff Z"),
      ("Sun Nov 29 12:00:02 UTC 2026", "EEE MMM dd HH:mm:ss z yyyy"),
      ("29 November 2026 at 12.00.02", "d MMMM yyyy 'at' HH.mm.ss"),
      ("2026-11-29T07:00:02-05:00", "yyyy-MM-dd'T'HH:mm:ssXXX"),
    ])
  func forms(text: String, format: String) throws {
    #expect(try read(text, format)?.time == Self.noon)
  }

  @Test(
    "an invalid time, or one in another format, is ignored",
    arguments: [
      ("13/29/2026 12:00:02", "MM/dd/yyyy HH:mm:ss"), ("02/30/2026 12:00:02", "MM/dd/yyyy HH:mm:ss"),
      ("11/29/2026 12:00:02 ", "MM/dd/yyyy HH:mm:ss"), ("11/29/2026", "MM/dd/yyyy HH:mm:ss"), ("", "MM/dd/yyyy"),
      ("11/29/2026 25:00:02", "MM/dd/yyyy HH:mm:ss"), ("29 Foo 2026", "d MMM yyyy"),
    ])
  func refused(text: String, format: String) throws {
    #expect(try read(text, format) == nil)
  }

  @Test(
    "a pattern without day or month, with an unknown letter or an open quote is refused",
    arguments: ["HH:mm", "qq-MM-dd", "MM-dd'T"])
  func invalid(format: String) {
    #expect(throws: TimeFormat.Invalid.self) { try TimeFormat(format) }
  }

  /// UTC−5, and UTC−4 from 2026-03-08T07:00Z to 2026-11-01T06:00Z.
  private static let newYork = ZoneOffsets(
    name: "x", initial: -18_000, changes: [(1_772_953_200, -14_400), (1_793_512_800, -18_000)])

  @Test(
    "a time without a zone uses the configured zone, before, during and after daylight saving time",
    arguments: [
      ("2026-01-15 12:00:00", "2026-01-15T17:00:00Z"), ("2026-07-15 12:00:00", "2026-07-15T16:00:00Z"),
      ("2026-11-29T18:21:19.408", "2026-11-29T23:21:19.408Z"), ("2026-11-29T18:21:19.408Z", "2026-11-29T18:21:19.408Z"),
      ("2026-11-01 01:30:00", "2026-11-01T05:30:00Z"), ("2026-03-08 02:30:00", "2026-03-08T07:30:00Z"),
    ])
  func zones(text: String, instant: String) {
    #expect(TimestampParser.read(text, zone: Self.newYork)?.time == TimestampParser.parse(instant))
    #expect(TimestampParser.read(text, zone: Self.newYork)?.isLocal == !text.hasSuffix("Z"))
  }

  @Test(
    "formats of common frameworks need no pattern",
    arguments: [
      ("Sun, 29 Nov 2026 12:00:02 GMT", noon), ("2026-11-29 12:00:02:000000 Z", noon), ("/Date(1795953602000)/", noon),
      ("/Date(1795953602000+0100)/", noon), ("1795953602.000000000", noon), ("1.795953602E9", noon),
      ("1.795953602e12", noon),
      ("2026-11-29T07:00:02-05:00[America/New_York]", noon), ("2026-11-29T12:00:02 UTC", noon), ("/Date(x)/", nil),
      ("Sun", nil), ("1e999", nil),
    ] as [(String, Timestamp?)])
  func builtIn(text: String, time: Timestamp?) {
    #expect(TimestampParser.parse(text) == time)
  }

  @Test(
    "arrays of numbers from year to nanoseconds, or of seconds and nanoseconds",
    arguments: [
      ([2026, 11, 29, 12, 0, 2, 0], noon), ([2026, 11, 29, 12, 0, 2], noon), ([1_795_953_602, 0], noon),
      ([2026, 11], nil), ([2026, 13, 1], nil), ([], nil), ([1, 2, 3, 4, 5, 6, 7, 8], nil), ([.max, .max], nil),
      ([2026, 11, 29, 12, -1], nil),
    ] as [([Int64], Timestamp?)])
  func numbers(numbers: [Int64], time: Timestamp?) {
    let expected = numbers == [2026, 11] ? Timestamp(nanoseconds: 2_026_000_000_011) : time
    #expect(TimestampParser.read(numbers, zone: nil)?.time == expected)
  }
}
