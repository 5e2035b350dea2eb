import Testing

@testable import TUI

@Suite("Double clicks")
struct ClickCounterTests {
  private let start = ContinuousClock.now

  @Test("two clicks on one place, soon after each other, are a double click; a third is a click again")
  func double() {
    var counter = ClickCounter()
    let click = Key.mouse(.click, x: 3, y: 4)
    #expect(counter.count(click, at: start) == click)
    #expect(counter.count(click, at: start + ClickCounter.interval) == .mouse(.doubleClick, x: 3, y: 4))
    #expect(counter.count(click, at: start + ClickCounter.interval) == click)
  }

  @Test("clicks far from each other in time or place are clicks, and wheels and keys pass")
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
