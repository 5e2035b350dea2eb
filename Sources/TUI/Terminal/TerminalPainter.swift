/// Converts a frame into the bytes that change the terminal from the previous frame to it. Writes only visible differences: blanks of
/// different roles mostly look the same.
package struct TerminalPainter {
  /// Up to this number of unchanged characters are rewritten instead of moving the cursor.
  private static let mostRewritten = 4

  private let language: TerminalLanguage
  private let isUTF8: Bool
  private let styles: TerminalStyles
  private var bytes: [UInt8] = []
  private var cells = 0
  /// Position of the cursor; `nil` if uncertain.
  private var cursor: (x: Int, y: Int)?
  /// Index of the terminal's current style; `nil` if unknown.
  private var style: Int?

  package init(theme: Theme, language: TerminalLanguage, isUTF8: Bool) {
    self.language = language
    self.isUTF8 = isUTF8
    styles = TerminalStyles(theme: theme, language)
  }

  /// Returns the bytes, for a single write, and the number of changed cells. Without `old`, or if its size differs, the screen is cleared
  /// first.
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
      // After the last column, and after wide or combined characters, the cursor's position depends on the terminal.
      let isSure = next < new.size.columns && cell.width == 1 && cell.content & Cell.clusterFlag == 0
      cursor = isSure ? (next, y) : nil
      x = next
    }
  }

  // MARK: Differences

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
    // The same cluster may have different indices in the two frames.
    guard cell.content & before.content & Cell.clusterFlag != 0 else { return cell.content != before.content }
    return new.scalars(of: cell) != old.scalars(of: before)
  }

  // MARK: Output

  private mutating func move(to x: Int, _ y: Int, _ frame: Frame) {
    defer { cursor = (x, y) }
    guard let cursor, cursor.y == y, cursor.x <= x else { return place(x, y) }
    let gap = x - cursor.x
    if gap == 0 || rewrite(cursor.x..<x, y, frame) { return }
    guard language.hasMoves else { return place(x, y) }
    bytes += Array("\u{1b}[\(gap)C".utf8)
  }

  /// Rewrites the characters up to the target column, if there are few and all fit the current style.
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

  /// Whether the cell looks right in the terminal's current style.
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
      // The locale cannot encode the character, but its columns must not show the old content.
      for _ in 0..<cell.width { bytes.append(0x3f) }
    }
  }
}
