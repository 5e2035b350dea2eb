/// Which rows of a long list are shown, so that the cursor is among them and the window moves no more than it must.
package enum ListWindow {
  /// The first row to show, given the one shown first until now.
  package static func start(current: Int, cursor: Int, count: Int, rows: Int) -> Int {
    guard rows > 0 else { return max(0, min(cursor, count - 1)) }
    var start = current
    if cursor < start { start = cursor }
    if cursor >= start + rows { start = cursor - rows + 1 }
    return max(0, min(start, count - rows))
  }
}
