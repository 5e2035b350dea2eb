import TestRandom
import Testing

@testable import TUI

@Suite("Differences of frames")
struct FrameDiffTests {
  /// Draws the runs over the old frame, as a terminal would: character by character, each of which takes its columns.
  private func apply(_ diff: FrameDiff, from new: Frame, to old: Frame) -> Frame {
    var shown = old
    for run in diff.runs {
      for x in run.columns where !new[x, run.y].isContinuation {
        let cell = new[x, run.y]
        let scalars = new.scalars(of: cell)
        for half in 0..<Int(cell.width) {
          shown.fill(
            Rect(x: x + half, y: run.y, width: 1, height: 1), role: new[x + half, run.y].role,
            emphasis: new[x + half, run.y].emphasis)
        }
        shown.set(scalars[0], x: x, y: run.y, width: Int(cell.width), role: cell.role, emphasis: cell.emphasis)
        for scalar in scalars.dropFirst() { shown.combine(scalar, x: x, y: run.y) }
      }
    }
    return shown
  }

  private func isSame(_ left: Frame, _ right: Frame) -> Bool {
    left.size == right.size
      && zip(left.cells, right.cells).allSatisfy { one, other in
        // Where halves of a wide character were recoloured apart, the terminal shows the first half's colour.
        left.scalars(of: one) == right.scalars(of: other) && one.width == other.width
          && (one.isContinuation || (one.role == other.role && one.emphasis == other.emphasis))
      }
  }

  private func pair(_ random: inout SeededRandom) -> (old: Frame, new: Frame) {
    let old = RandomFrame.frame(&random)
    var new = Bool.random(using: &random) ? old : Frame(size: old.size)
    for _ in 0..<Int.random(in: 0...6, using: &random) { RandomFrame.change(&new, &random) }
    return (old, new)
  }

  @Test("what differs, drawn over the old frame, gives the new one", arguments: 0..<300 as Range<UInt64>)
  func random(seed: UInt64) {
    var random = SeededRandom(seed: seed)
    let (old, new) = pair(&random)
    #expect(isSame(apply(FrameDiff(from: old, to: new), from: new, to: old), new), "seed \(seed)")
  }

  @Test(
    "runs are whole, apart from each other, and hold no column that need not be drawn",
    arguments: 0..<200 as Range<UInt64>)
  func runs(seed: UInt64) {
    var random = SeededRandom(seed: seed)
    let (old, new) = pair(&random)
    var end = (y: -1, x: 0)
    for run in FrameDiff(from: old, to: new).runs {
      #expect(run.y > end.y || run.columns.lowerBound > end.x, "seed \(seed)")
      #expect(!run.columns.isEmpty && run.columns.upperBound <= new.size.columns, "seed \(seed)")
      #expect(!new[run.columns.lowerBound, run.y].isContinuation, "seed \(seed)")
      for x in run.columns where new[x, run.y].width == 1 { #expect(old[x, run.y] != new[x, run.y], "seed \(seed)") }
      end = (run.y, run.columns.upperBound)
    }
  }

  @Test("equal frames have no difference, though their combining characters were drawn in another order")
  func equal() {
    var one = Frame(size: Size(columns: 10, rows: 2))
    var other = one
    one.put("e\u{301}", x: 0, y: 0)
    one.put("o\u{308}한", x: 3, y: 1)
    other.put("o\u{308}한", x: 3, y: 1)
    other.put("e\u{301}", x: 0, y: 0)
    #expect(FrameDiff(from: one, to: other).runs.isEmpty)
    #expect(FrameDiff(from: one, to: one).runs.isEmpty)
  }

  @Test("a first frame, and one of another size, is drawn whole")
  func whole() {
    let frame = Frame(size: Size(columns: 3, rows: 2))
    let all = [FrameDiff.Run(y: 0, columns: 0..<3), FrameDiff.Run(y: 1, columns: 0..<3)]
    #expect(FrameDiff(from: nil, to: frame).runs == all)
    #expect(FrameDiff(from: Frame(size: Size(columns: 2, rows: 3)), to: frame).runs == all)
    #expect(FrameDiff(from: nil, to: Frame(size: Size(columns: 0, rows: 2))).runs.isEmpty)
  }

  @Test("one changed column is one run of one column")
  func one() {
    var old = Frame(size: Size(columns: 20, rows: 3))
    old.put("12:00:01", x: 5, y: 1)
    var new = old
    new.put("12:00:02", x: 5, y: 1)
    #expect(FrameDiff(from: old, to: new).runs == [FrameDiff.Run(y: 1, columns: 12..<13)])
  }
}
