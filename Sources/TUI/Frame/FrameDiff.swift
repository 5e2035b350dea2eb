/// Where one frame differs from another of the same size, as runs of columns that a terminal has to draw again.
package struct FrameDiff: Sendable, Equatable {
  package struct Run: Sendable, Equatable {
    package var y: Int
    package var columns: Range<Int>
  }

  package private(set) var runs: [Run] = []

  /// Runs begin and end at whole characters of the new frame. A frame of another size differs everywhere.
  package init(from old: Frame?, to new: Frame) {
    guard let old, old.size == new.size else {
      runs = (0..<new.size.rows).filter { _ in new.size.columns > 0 }.map { Run(y: $0, columns: 0..<new.size.columns) }
      return
    }
    for y in 0..<new.size.rows { compare(old, new, y) }
  }

  private mutating func compare(_ old: Frame, _ new: Frame, _ y: Int) {
    var start: Int?
    for x in 0..<new.size.columns {
      if Self.isSame(old, new, x, y) {
        if let first = start, !new[x, y].isContinuation {
          append(first..<x, y)
          start = nil
        }
      } else if start == nil {
        start = new[x, y].isContinuation && x > 0 ? x - 1 : x
      }
    }
    if let first = start { append(first..<new.size.columns, y) }
  }

  private mutating func append(_ columns: Range<Int>, _ y: Int) {
    runs.append(Run(y: y, columns: columns))
  }

  /// Clusters are compared by their characters: their places in the two frames' tables may differ.
  private static func isSame(_ old: Frame, _ new: Frame, _ x: Int, _ y: Int) -> Bool {
    let left = old[x, y]
    let right = new[x, y]
    guard left.content & Cell.clusterFlag != 0, right.content & Cell.clusterFlag != 0 else { return left == right }
    return left.role == right.role && left.emphasis == right.emphasis && left.width == right.width
      && old.scalars(of: left) == new.scalars(of: right)
  }
}
