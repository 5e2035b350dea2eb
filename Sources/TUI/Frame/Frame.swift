/// The content of the whole screen as a value. The terminal, text dumps and tests draw it.
package struct Frame: Sendable {
  package let size: Size
  package private(set) var cells: [Cell]
  /// Base characters with their combining characters, for the cells that have any.
  private var clusters: [[Unicode.Scalar]] = []

  /// Maximum number of code points per cell, as in curses.
  static let maxClusterLength = 5

  package init(size: Size) {
    self.size = size
    cells = Array(repeating: .blank, count: size.columns * size.rows)
  }

  package var bounds: Rect { Rect(x: 0, y: 0, width: size.columns, height: size.rows) }

  /// The cell at (x, y), which must be inside the frame.
  package subscript(x: Int, y: Int) -> Cell { cells[y * size.columns + x] }

  /// The scalars of a cell; empty for the right half of a wide character.
  package func scalars(of cell: Cell) -> [Unicode.Scalar] {
    if cell.isContinuation { return [] }
    if cell.content & Cell.clusterFlag != 0 { return clusters[Int(cell.content & ~Cell.clusterFlag)] }
    return [Unicode.Scalar(cell.content) ?? " "]
  }

  func contains(x: Int, y: Int) -> Bool {
    x >= 0 && y >= 0 && x < size.columns && y < size.rows
  }

  /// Sets a character of `width` columns. If it covers half of a wide character, the other half becomes a blank.
  mutating func set(_ scalar: Unicode.Scalar, x: Int, y: Int, width: Int, role: StyleRole, emphasis: Emphasis) {
    guard contains(x: x, y: y), contains(x: x + width - 1, y: y) else { return }
    for column in x..<x + width { clearWide(x: column, y: y) }
    let index = y * size.columns + x
    cells[index] = Cell(content: scalar.value, role: role, emphasis: emphasis, width: UInt8(width))
    if width == 2 { cells[index + 1] = Cell(content: 0x20, role: role, emphasis: emphasis, width: 0) }
  }

  /// Adds a combining character to a cell; above `maxClusterLength` it is dropped.
  mutating func combine(_ scalar: Unicode.Scalar, x: Int, y: Int) {
    guard contains(x: x, y: y) else { return }
    let index = y * size.columns + x
    let known = scalars(of: cells[index])
    guard !known.isEmpty, known.count < Self.maxClusterLength else { return }
    cells[index].content = Cell.clusterFlag | UInt32(clusters.count)
    clusters.append(known + [scalar])
  }

  /// Adds an emphasis to cells that are already drawn.
  package mutating func emphasize(_ rect: Rect, _ emphasis: Emphasis) {
    change(rect) { $0.emphasis.formUnion(emphasis) }
  }

  /// Changes the role of cells that are already drawn.
  package mutating func recolor(_ rect: Rect, to role: StyleRole) {
    change(rect) { $0.role = role }
  }

  /// The part of a rectangle inside the frame.
  func clip(_ rect: Rect) -> (columns: Range<Int>, rows: Range<Int>) {
    (Self.clip(rect.x, rect.width, to: size.columns), Self.clip(rect.y, rect.height, to: size.rows))
  }

  private static func clip(_ start: Int, _ length: Int, to limit: Int) -> Range<Int> {
    let start = min(start, limit)
    return max(0, start)..<max(0, start, min(limit, start + min(length, Int.max / 2)))
  }

  private mutating func change(_ rect: Rect, _ body: (inout Cell) -> Void) {
    let part = clip(rect)
    for y in part.rows {
      for x in part.columns { body(&cells[y * size.columns + x]) }
    }
  }

  private mutating func clearWide(x: Int, y: Int) {
    let index = y * size.columns + x
    if cells[index].isContinuation, x > 0 { cells[index - 1] = blank(like: cells[index - 1]) }
    if cells[index].width == 2, x + 1 < size.columns { cells[index + 1] = blank(like: cells[index + 1]) }
  }

  private func blank(like cell: Cell) -> Cell {
    Cell(content: 0x20, role: cell.role, emphasis: cell.emphasis, width: 1)
  }
}

/// One column of one row. Eight bytes, no heap storage.
package struct Cell: Sendable, Equatable {
  /// A Unicode scalar, or `clusterFlag` and an index into the frame's `clusters`.
  package var content: UInt32
  package var role: StyleRole
  package var emphasis: Emphasis
  /// 1 or 2 columns; 0 if the wide character to the left covers this cell.
  package var width: UInt8

  static let clusterFlag: UInt32 = 0x8000_0000
  package static let blank = Cell(content: 0x20, role: .text, emphasis: [], width: 1)

  package var isContinuation: Bool { width == 0 }
}

/// Emphasis in addition to a cell's role.
package struct Emphasis: OptionSet, Sendable, Hashable {
  package let rawValue: UInt8

  package init(rawValue: UInt8) {
    self.rawValue = rawValue
  }

  /// The row under the cursor.
  package static let selected = Emphasis(rawValue: 1)
  /// A row that the operator marked.
  package static let marked = Emphasis(rawValue: 2)
  package static let strong = Emphasis(rawValue: 4)
}

/// The meaning of a cell; a theme maps it to a style.
package enum StyleRole: UInt8, CaseIterable, Sendable {
  case text
  /// Less important: units, separators, empty values.
  case dim
  case heading
  case header
  /// The most noticeable colour: cursor, active tab, program name.
  case accent
  case key
  case match
  case ok
  case running
  case completed
  case warning
  case stuck
  case compensating
  case compensated
  case failed
  case critical
  /// A value whose source does not respond.
  case stale
  case badge
  case protected
  case chart
  case axis
  case border
  case error
  /// Marks that the screen shows the past.
  case past
}

/// A rectangle in a frame. It may extend beyond the frame; drawing is clipped.
package struct Rect: Sendable, Equatable {
  package var x: Int
  package var y: Int
  package var width: Int
  package var height: Int

  package init(x: Int, y: Int, width: Int, height: Int) {
    self.x = x
    self.y = y
    self.width = max(0, width)
    self.height = max(0, height)
  }

  package var isEmpty: Bool { width == 0 || height == 0 }

  /// Removes `count` rows from the top and returns them.
  package mutating func takeTop(_ count: Int) -> Rect {
    let taken = min(max(0, count), height)
    defer {
      y += taken
      height -= taken
    }
    return Rect(x: x, y: y, width: width, height: taken)
  }

  /// Removes `count` rows from the bottom and returns them.
  package mutating func takeBottom(_ count: Int) -> Rect {
    let taken = min(max(0, count), height)
    height -= taken
    return Rect(x: x, y: y + height, width: width, height: taken)
  }

  package func inset(x dx: Int, y dy: Int) -> Rect {
    Rect(x: x + dx, y: y + dy, width: width - 2 * dx, height: height - 2 * dy)
  }
}

/// Size in columns and rows.
package struct Size: Sendable, Equatable {
  package var columns: Int
  package var rows: Int

  package init(columns: Int, rows: Int) {
    self.columns = max(0, columns)
    self.rows = max(0, rows)
  }
}
