import Testing

@testable import TUI

@Suite("Double clicks")
struct ClickCounterTests {
  private let start = ContinuousClock.now

  @Test("two clicks on one place within a short time are a double click; a third one is a single click")
  func double() {
    var counter = ClickCounter()
    let click = Key.mouse(.click, x: 3, y: 4)
    #expect(counter.count(click, at: start) == click)
    #expect(counter.count(click, at: start + ClickCounter.interval) == .mouse(.doubleClick, x: 3, y: 4))
    #expect(counter.count(click, at: start + ClickCounter.interval) == click)
  }

  @Test("distant clicks are single clicks, and wheel events and keys are unchanged")
  func single() {
    var counter = ClickCounter()
    let (click, other) = (Key.mouse(.click, x: 3, y: 4), Key.mouse(.click, x: 3, y: 5))
    _ = counter.count(click, at: start)
    #expect(counter.count(other, at: start) == other)
    #expect(counter.count(other, at: start + ClickCounter.interval + .milliseconds(1)) == other)
    for key in [Key.mouse(.wheelUp, x: 1, y: 1), .enter] {
      #expect(counter.count(key, at: start) == key)
      #expect(counter.count(key, at: start) == key)
    }
  }
}
