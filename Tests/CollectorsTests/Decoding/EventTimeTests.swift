import Core
import Testing

@testable import Collectors

@Suite("time of an event")
struct EventTimeTests {
  private func decoding(format: String? = nil, zone: ZoneOffsets? = nil) throws -> Decoding {
    var fields = EventFields(time: [.path(["at"])])
    fields.timeFormat = try format.map { try TimeFormat($0) }
    fields.timeZone = zone
    return Decoding(fields: fields)
  }

  @Test(
    "times in lists and objects",
    arguments: [
      "[2026,1,27,10,0]", "[2026,1,27,10,0,0,0]", "[1769508000,0]", #"{"seconds":1769508000,"nanos":0}"#,
      #"{"epochSecond":1769508000}"#,
      #"{"$date":"2026-01-27T10:00:00Z"}"#, #"{"$date":{"$numberLong":"1769508000000"}}"#,
    ])
  func whole(time: String) throws {
    let earlier = Decoding.start - .seconds(7200)
    let event = try decoding().decode(#"{"orderId":1,"at":\#(time)}"#, brokerTime: earlier)
    #expect(event?.time == Decoding.start)
  }

  @Test("a configured format and time zone")
  func formAndZone() throws {
    let zone = ZoneOffsets(name: "x", initial: -18_000)
    let event = try decoding(format: "MM/dd/yyyy HH:mm:ss", zone: zone).decode(#"{"at":"01/27/2026 05:00:00"}"#)
    #expect(event?.time == Decoding.start)
    #expect(try decoding(zone: zone).decode(#"{"at":"2026-01-27T05:00:00"}"#)?.time == Decoding.start)
    #expect(try decoding(zone: zone).decode(#"{"at":[2026,1,27,5,0]}"#)?.time == Decoding.start)
  }

  @Test("an invalid time is counted and reported, and the broker's time is used")
  func unreadable() throws {
    let decoding = try decoding()
    for _ in 0..<2 { #expect(decoding.decode(#"{"orderId":1,"at":"11/29/2026 10:00:00"}"#)?.time == Decoding.start) }
    let notes = decoding.decoder.notes
    #expect(
      notes.count == 1 && notes[0].hasPrefix("2 events with a time that cannot be read, such as `11/29/2026 10:00:00`"))
  }

  @Test(
    "if all times differ from the broker's by a multiple of 15 minutes, a possible time zone is reported",
    arguments: [
      (
        -18_000, 3,
        "all times are 5 h behind the broker's: set `zone` of `fields.time`, such as America/New_York or \"-05:00\""
      ),
      (-20_700, 3, "all times are 5 h 45 min behind the broker's: set `zone` of `fields.time`, such as \"-05:45\""),
      (-18_000, 2, nil), (-17_500, 3, nil), (0, 3, nil), (-86_400, 3, nil),
    ] as [(Int64, Int, String?)])
  func offsets(seconds: Int64, count: Int, note: String?) throws {
    let decoding = try decoding()
    for index in 0..<count {
      let time = Decoding.start + .seconds(seconds - Int64(index))
      decoding.decode(#"{"orderId":1,"at":"\#(time.iso8601.dropLast())"}"#)
    }
    #expect(decoding.decoder.notes == [note].compactMap { $0 })
  }

  @Test("no time zone is reported if one time is close to the broker's")
  func mixedOffsets() throws {
    let decoding = try decoding()
    for seconds in [-18_000, -18_000, -18_000, -60] {
      decoding.decode(#"{"orderId":1,"at":"\#((Decoding.start + .seconds(seconds)).iso8601.dropLast())"}"#)
    }
    #expect(decoding.decoder.notes.isEmpty)
  }
}
