/// Turns a frame into the bytes that make the terminal show it, where it showed another one. Writes what differs to the eye, and no more:
/// blanks of different roles mostly look alike.
package struct TerminalPainter {
  /// So many characters that are there already are written once more rather than the cursor moved.
  private static let mostRewritten = 4

  private let language: TerminalLanguage
  private let isUTF8: Bool
  private let styles: TerminalStyles
  private var bytes: [UInt8] = []
  private var cells = 0
  /// Where the cursor is; `nil` where that is not sure.
  private var cursor: (x: Int, y: Int)?
  /// Place of the style that the terminal has; `nil` after something else may have changed it.
  private var style: Int?

  package init(theme: Theme, language: TerminalLanguage, isUTF8: Bool) {
    self.language = language
    self.isUTF8 = isUTF8
    styles = TerminalStyles(theme: theme, language)
  }

  /// All for one write, and how many cells differ. Without `old`, or with one of another size, everything is cleared first.
  package mutating func paint(_ new: Frame, over old: Frame?) -> (bytes: [UInt8], cells: Int) {
    (bytes, cells, cursor) = ([], 0, nil)
    let old = old.flatMap { $0.size == new.size ? $0 : nil }
    if old == nil {
      style = nil
      use(0)
      bytes += language.lookup("clear", 0, 0) ?? []
    }
    for y in 0..<new.size.rows { paintRow(y, new, old) }
    return (bytes, cells)
  }

  private mutating func paintRow(_ y: Int, _ new: Frame, _ old: Frame?) {
    let end = y == new.size.rows - 1 && !language.hasLastCell ? new.size.columns - 1 : new.size.columns
    var tail = end
    while tail > 0, isPlain(new[tail - 1, y]) { tail -= 1 }
    var x = 0
    while x < end {
      let cell = new[x, y]
      guard !cell.isContinuation, differs(x, y, new, old) else {
        x += 1
        continue
      }
      move(to: x, y, new)
      if x >= tail, language.hasErase, end - x > Self.mostRewritten {
        use(0)
        bytes += [0x1b, 0x5b, 0x4b]
        cells += end - x
        return
      }
      put(cell, new)
      cells += Int(cell.width)
      let next = x + max(1, Int(cell.width))
      // Behind the last column it is in one of two places, and behind wide or combined characters where the terminal finds right.
      let isSure = next < new.size.columns && cell.width == 1 && cell.content & Cell.clusterFlag == 0
      cursor = isSure ? (next, y) : nil
      x = next
    }
  }

  // MARK: What differs

  private func isPlain(_ cell: Cell) -> Bool {
    cell.content == 0x20 && cell.width == 1 && styles[cell].blank == TerminalStyles.plain.blank
  }

  private func differs(_ x: Int, _ y: Int, _ new: Frame, _ old: Frame?) -> Bool {
    let cell = new[x, y]
    guard let old else { return !isPlain(cell) }
    let before = old[x, y]
    if cell == before, cell.content & Cell.clusterFlag == 0 { return false }
    guard cell.width == before.width else { return true }
    if cell.content == 0x20, before.content == 0x20 { return styles[cell].blank != styles[before].blank }
    guard styles[cell].style == styles[before].style else { return true }
    // Places in the two frames' tables may differ.
    guard cell.content & before.content & Cell.clusterFlag != 0 else { return cell.content != before.content }
    return new.scalars(of: cell) != old.scalars(of: before)
  }

  // MARK: What is written

  private mutating func move(to x: Int, _ y: Int, _ frame: Frame) {
    defer { cursor = (x, y) }
    guard let cursor, cursor.y == y, cursor.x <= x else { return place(x, y) }
    let gap = x - cursor.x
    if gap == 0 || rewrite(cursor.x..<x, y, frame) { return }
    guard language.hasMoves else { return place(x, y) }
    bytes += Array("\u{1b}[\(gap)C".utf8)
  }

  /// What lies between, where it can be written with the style that the terminal has.
  private mutating func rewrite(_ columns: Range<Int>, _ y: Int, _ frame: Frame) -> Bool {
    guard columns.count <= Self.mostRewritten, columns.allSatisfy({ fits(frame[$0, y]) && frame[$0, y].content < 0x7f })
    else { return false }
    for x in columns { put(frame[x, y], frame) }
    return true
  }

  private mutating func place(_ x: Int, _ y: Int) {
    if language.hasMoves {
      bytes += Array((x == 0 ? "\u{1b}[\(y + 1)H" : "\u{1b}[\(y + 1);\(x + 1)H").utf8)
    } else {
      bytes += language.lookup("cup", y, x) ?? []
    }
  }

  /// The terminal's style shows the cell as it is.
  private func fits(_ cell: Cell) -> Bool {
    guard let style, cell.width == 1 else { return false }
    let look = styles[cell]
    return look.style == style || (cell.content == 0x20 && look.blank == styles.blank(of: style))
  }

  private mutating func use(_ next: Int) {
    guard next != style else { return }
    if let style {
      bytes += styles.styles[next].change(from: styles.styles[style])
    } else {
      bytes += language.lookup("sgr0", 0, 0) ?? []
      bytes += styles.styles[next].change(from: styles.styles[0])
    }
    style = next
  }

  private mutating func put(_ cell: Cell, _ frame: Frame) {
    if !fits(cell) { use(styles[cell].style) }
    if cell.content < 0x7f {
      bytes.append(UInt8(max(0x20, cell.content)))
    } else if isUTF8 {
      for scalar in frame.scalars(of: cell) { bytes += Array(String(scalar).utf8) }
    } else {
      // The locale has no way to write it, but its columns must not hold what was there before.
      for _ in 0..<cell.width { bytes.append(0x3f) }
    }
  }
}
