import Testing

@testable import Demo

@Suite("The fault schedule")
struct FaultScheduleTests {
  @Test(
    "a fault lasts from its second until its opposite",
    arguments: [
      (["payment-down@10"], 9999, false),
      (["payment-down@10"], 10_000, true),
      (["payment-up@40", "payment-down@10"], 39_999, true),
      (["payment-up@40", "payment-down@10"], 40_000, false),
      (["payment-down@10", "payment-up@20", "payment-down@30"], 35_000, true),
      (["payment-down"], 0, true),
      (["stock-out@1"], 60_000, false),
      (["payment-down@5", "payment-up@5"], 5000, false),
      (["payment-up@5", "payment-down@5"], 5000, true),
      (["payment-down@0.5"], 499, false),
    ])
  func lasting(_ words: [String], _ milliseconds: Int, _ isOn: Bool) throws {
    #expect(try FaultSchedule(parsing: words).isOn(.paymentDown, at: milliseconds) == isOn)
  }

  @Test("entries are in order of time")
  func order() throws {
    let schedule = try FaultSchedule(parsing: ["poison@15", "reorder", "node-lost@3"])
    #expect(schedule.entries.map(\.fault) == [.reorder, .nodeLost, .poison])
    #expect(schedule.lastMilliseconds == 15_000)
  }

  @Test(
    "an invalid time is refused", arguments: ["poison@", "poison@soon", "poison@-1", "poison@inf", "poison@1@2"])
  func refusals(_ word: String) {
    #expect(throws: UsageError.self) { try FaultSchedule(parsing: [word]) }
  }
}
