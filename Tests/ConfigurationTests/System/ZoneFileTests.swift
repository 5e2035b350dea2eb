import Core
import Testing

@testable import Configuration

@Suite("Time zones")
struct ZoneFileTests {
  /// A TZif file of version 2 with one type, no transitions and this rule.
  private static func file(_ rule: String, offset: Int32 = 0) -> [UInt8] {
    func block(timeSize: Int) -> [UInt8] {
      let counts: [UInt32] = [0, 0, 0, 0, 1, 4]
      let header = Array("TZif2".utf8) + Array(repeating: 0, count: 15)
      let numbers = counts.flatMap { count in (0..<4).map { UInt8(count >> UInt32(24 - 8 * $0) & 0xff) } }
      let type = (0..<4).map { UInt8(truncatingIfNeeded: offset >> Int32(24 - 8 * $0)) } + [0, 0]
      return header + numbers + type + Array("LMT\0".utf8)
    }
    return block(timeSize: 4) + block(timeSize: 8) + Array("\n\(rule)\n".utf8)
  }

  private func instant(_ zone: ZoneOffsets, _ local: String) throws -> String {
    try #require(TimestampParser.read(local, zone: zone)).time.iso8601
  }

  @Test(
    "the rule gives transitions that are not in the file",
    arguments: [
      ("EST5EDT,M3.2.0,M11.1.0", "2026-07-01T12:00:00", "2026-07-01T16:00:00.000Z"),
      ("EST5EDT,M3.2.0,M11.1.0", "2026-11-29T18:21:19", "2026-11-29T23:21:19.000Z"),
      ("CET-1CEST,M3.5.0,M10.5.0/3", "2026-03-29T01:59:59", "2026-03-29T00:59:59.000Z"),
      ("CET-1CEST,M3.5.0,M10.5.0/3", "2026-03-29T03:00:00", "2026-03-29T01:00:00.000Z"),
      ("CET-1CEST,M3.5.0,M10.5.0/3", "2026-10-25T03:00:00", "2026-10-25T02:00:00.000Z"),
      ("AEST-10AEDT,M10.1.0,M4.1.0/3", "2026-01-01T00:00:00", "2025-12-31T13:00:00.000Z"),
      ("AEST-10AEDT,M10.1.0,M4.1.0/3", "2026-07-01T00:00:00", "2026-06-30T14:00:00.000Z"),
      ("<+0545>-5:45", "2026-07-01T05:45:00", "2026-07-01T00:00:00.000Z"),
      ("a rule of another form", "2026-07-01T00:00:00", "2026-07-01T00:00:00.000Z"),
    ])
  func rules(rule: String, local: String, expected: String) throws {
    let offsets: [String: Int32] = ["EST": -18_000, "CET": 3600, "AES": 36_000, "<+0": 20_700]
    let zone = try #require(ZoneFile.zone(Self.file(rule, offset: offsets[String(rule.prefix(3))] ?? 0), name: "x"))
    #expect(try instant(zone, local) == expected)
  }

  @Test("a truncated or invalid file is no zone")
  func damaged() {
    let whole = Self.file("EST5")
    for count in 0..<(whole.count - 8) { #expect(ZoneFile.zone(Array(whole.prefix(count)), name: "x") == nil) }
    #expect(ZoneFile.zone(Array(repeating: 0xff, count: 500), name: "x") == nil)
  }

  @Test("a zone of the system is found by name", arguments: ["America/New_York", "Asia/Kolkata", "Europe/London"])
  func system(name: String) throws {
    let zone = try ZoneFile(environment: [:]).read(name)
    let expected = [
      "America/New_York": "2026-11-29T23:00:00.000Z", "Asia/Kolkata": "2026-11-29T12:30:00.000Z",
      "Europe/London": "2026-11-29T18:00:00.000Z",
    ]
    #expect(try instant(zone, "2026-11-29T18:00:00") == expected[name])
  }

  @Test("UTC offsets", arguments: [("+02:00", 7200), ("-0530", -19_800), ("+9", 32_400), ("UTC", 0), ("Z", 0)])
  func offsets(text: String, seconds: Int64) throws {
    #expect(try ZoneFile(environment: [:]).read(text).offset(at: 0) == seconds)
  }

  @Test(
    "anything else is refused",
    arguments: ["+25:00", "+2:3:4", "../../etc/passwd", "/etc/passwd", "Nowhere/Land", "", "+", "Europe"])
  func refused(text: String) {
    #expect(throws: ZoneFile.Invalid.self) { try ZoneFile(environment: [:]).read(text) }
  }
}
