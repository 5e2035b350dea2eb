import Clients
import Glibc
import Testing

@testable import sagatop

@Suite("Waking the loop for data")
struct DataBellTests {
  private static func isRung(_ wakeup: WakeUp) -> Bool {
    var count: UInt64 = 0
    return read(wakeup.descriptor, &count, 8) == 8
  }

  @Test("data wakes the loop once until it reads the data for a frame; anything else always wakes it")
  func once() throws {
    let wakeup = try WakeUp.make()
    let bell = DataBell(wakeup)
    for _ in 0..<3 { bell.ring() }
    #expect(Self.isRung(wakeup))
    bell.ring()
    #expect(!Self.isRung(wakeup))
    wakeup.ring()
    #expect(Self.isRung(wakeup))
    bell.rearm()
    bell.ring()
    #expect(Self.isRung(wakeup))
  }
}
