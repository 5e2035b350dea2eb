import Testing

@testable import Clients
@testable import Collectors

@Suite("Schedule of endpoint polls")
struct HTTPScheduleTests {
  private let start = ContinuousClock.now

  @Test("at most sixteen requests are new at the same time, the most overdue first")
  func young() {
    var schedule = HTTPSchedule(Array(repeating: .seconds(1), count: 40), start: start)
    #expect(schedule.take(at: start) == Array(0..<16))
    #expect(schedule.take(at: start) == [])
    #expect(schedule.next(after: start) == start + HTTPSchedule.youth)
    schedule.finish(3, at: start + .milliseconds(5))
    #expect(schedule.take(at: start + .milliseconds(5)) == [16])
  }

  @Test("hanging requests do not count as new, up to a limit")
  func hanging() {
    var schedule = HTTPSchedule(Array(repeating: .seconds(1), count: 400), start: start)
    var now = start
    var taken = 0
    for _ in 0..<40 {
      taken += schedule.take(at: now).count
      now += HTTPSchedule.youth
    }
    #expect(taken == HTTPSchedule.most)
    #expect(schedule.next(after: now) == nil)
  }

  @Test("the next poll is one interval after the last one, and missed polls are not repeated")
  func interval() {
    var schedule = HTTPSchedule([.seconds(2)], start: start)
    #expect(schedule.take(at: start) == [0])
    schedule.finish(0, at: start + .milliseconds(30))
    #expect(schedule.next(after: start + .milliseconds(30)) == start + .seconds(2))
    #expect(schedule.take(at: start + .milliseconds(1999)) == [])
    #expect(schedule.take(at: start + .seconds(2)) == [0])
    schedule.finish(0, at: start + .seconds(9))
    #expect(schedule.take(at: start + .seconds(9)) == [])
    #expect(schedule.take(at: start + .milliseconds(9100)) == [0])
  }

  @Test("an endpoint can be polled early once")
  func hasten() {
    var schedule = HTTPSchedule([.seconds(60)], start: start)
    _ = schedule.take(at: start)
    schedule.finish(0, at: start)
    schedule.hasten(0, to: start + .seconds(1))
    #expect(schedule.take(at: start + .seconds(1)) == [0])
  }
}

@Suite("Certificate dates")
struct CertificateDateTests {
  @Test(
    "a date as printed by OpenSSL",
    arguments: [
      ("Nov 21 08:00:00 2026 GMT", "2026-11-21T08:00:00.000Z"),
      ("Jan  1 00:00:00 2030 GMT", "2030-01-01T00:00:00.000Z"),
    ])
  func good(text: String, expected: String) { #expect(CertificateDate.parse(text)?.iso8601 == expected) }

  @Test(
    "any other text is no date", arguments: ["", "Nov 21 2026", "Foo 21 08:00:00 2026 GMT", "Nov 99 08:00:00 2026 GMT"])
  func bad(text: String) { #expect(CertificateDate.parse(text) == nil) }
}
