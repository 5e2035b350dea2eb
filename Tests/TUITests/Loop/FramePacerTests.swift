import Core
import Testing

@testable import TUI

@Suite("When the next frame is due")
struct FramePacerTests {
  private let start = Timestamp(milliseconds: 1_769_508_202_000)

  private func at(_ milliseconds: Int64) -> Timestamp { start + .milliseconds(milliseconds) }

  @Test("the first frame is due at once, the next one when ages tick")
  func ticks() {
    var pacer = FramePacer()
    #expect(pacer.wait(at: start) == .zero)
    pacer.drew(at: start, changedCells: 0)
    #expect(pacer.wait(at: start) == FramePacer.tickInterval)
    #expect(pacer.wait(at: at(400)) == .milliseconds(600))
    #expect(pacer.wait(at: at(1000)) == .zero)
    #expect(pacer.wait(at: at(90_000)) == .zero)
  }

  @Test(
    "data, however much, makes five frames a second at most, and fewer the more each of them changes",
    arguments: [(0, 10), (66, 10), (100, 6), (150, 4), (334, 2), (100_000, 2), (.max, 2)])
  func data(changedCells: Int, count: Int) {
    var pacer = FramePacer()
    pacer.drew(at: start, changedCells: changedCells)
    var frames = 0
    for millisecond in 1...2000 as ClosedRange<Int64> {
      pacer.dataArrived()
      guard pacer.wait(at: at(millisecond)) == .zero else { continue }
      pacer.drew(at: at(millisecond), changedCells: changedCells)
      frames += 1
    }
    #expect(frames == count)
    pacer.drew(at: at(2001), changedCells: changedCells)
    #expect(pacer.wait(at: at(2001)) == FramePacer.tickInterval)
  }

  @Test("a key is answered at once, also right after a frame")
  func urgent() {
    var pacer = FramePacer()
    pacer.drew(at: start, changedCells: 0)
    pacer.mustDraw()
    #expect(pacer.wait(at: start) == .zero)
    pacer.drew(at: start, changedCells: 0)
    #expect(pacer.wait(at: start) == FramePacer.tickInterval)
  }

  @Test("data wakes the loop once until it reads the data for a frame; anything else wakes it always")
  func wakeups() throws {
    let wakeup = try Wakeup()
    for _ in 0..<3 { wakeup.wakeForData() }
    #expect(wakeup.take())
    wakeup.wakeForData()
    #expect(!wakeup.take())
    wakeup.wake()
    #expect(wakeup.take())
    wakeup.rearm()
    wakeup.wakeForData()
    #expect(wakeup.take())
  }

  @Test("a clock that was set back does not stop the screen")
  func clockSetBack() {
    var pacer = FramePacer()
    pacer.drew(at: start, changedCells: 0)
    #expect(pacer.wait(at: at(-3_600_000)) == .zero)
  }
}
