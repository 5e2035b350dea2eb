/// Drawing functions for views. Text is sanitized here, so that no view has to do it.
extension Frame {
  package enum Alignment: Sendable {
    case left
    case right
  }

  /// Draws text in one row from (x, y) to the right, in at most `width` columns (up to the frame's edge if `nil`). Text that is too long
  /// is shortened with `ellipsis`, or cut if that is `nil`. Returns the number of columns used.
  @discardableResult
  package mutating func put(
    _ text: some StringProtocol, x: Int, y: Int, width: Int? = nil, role: StyleRole = .text, emphasis: Emphasis = [],
    align: Alignment = .left, ellipsis: Unicode.Scalar? = nil
  ) -> Int {
    let room = min(width ?? .max, size.columns - x)
    guard room > 0, y >= 0, y < size.rows else { return 0 }
    let line = TextLine(text, columns: room, ellipsis: ellipsis)
    draw(line, x: align == .left ? x : x + room - line.columns, y: y, role: role, emphasis: emphasis)
    return line.columns
  }

  package mutating func fill(
    _ rect: Rect, with scalar: Unicode.Scalar = " ", role: StyleRole = .text, emphasis: Emphasis = []
  ) {
    let part = clip(rect)
    for y in part.rows {
      for x in part.columns { set(scalar, x: x, y: y, width: 1, role: role, emphasis: emphasis) }
    }
  }

  package mutating func horizontalLine(x: Int, y: Int, width: Int, _ scalar: Unicode.Scalar, role: StyleRole = .border)
  {
    fill(Rect(x: x, y: y, width: width, height: 1), with: scalar, role: role)
  }

  /// An empty box with a border.
  mutating func box(_ box: Rect, _ glyphs: Glyphs, role: StyleRole) {
    fill(box)
    let right = box.x + box.width - 1, bottom = box.y + box.height - 1
    for y in [box.y, bottom] { horizontalLine(x: box.x, y: y, width: box.width, glyphs.horizontal, role: role) }
    for x in [box.x, right] {
      fill(Rect(x: x, y: box.y, width: 1, height: box.height), with: glyphs.vertical, role: role)
    }
    for (x, y, corner) in [
      (box.x, box.y, glyphs.cornerTopLeft), (right, box.y, glyphs.cornerTopRight),
      (box.x, bottom, glyphs.cornerBottomLeft), (right, bottom, glyphs.cornerBottomRight),
    ] {
      put(String(corner), x: x, y: y, role: role)
    }
  }

  private mutating func draw(_ line: TextLine, x: Int, y: Int, role: StyleRole, emphasis: Emphasis) {
    var column = x
    var last = x
    for scalar in line.scalars {
      let width = TextWidth.columns(of: scalar)
      if width == 0 {
        if column > x { combine(scalar, x: last, y: y) }
        continue
      }
      set(scalar, x: column, y: y, width: width, role: role, emphasis: emphasis)
      last = column
      column += width
    }
  }
}

/// A frame as plain text, for `snapshot -o screen` and for comparisons in tests.
extension Frame {
  /// One string per row, with trailing blanks.
  package var textRows: [String] {
    (0..<size.rows).map { y in
      var row = String.UnicodeScalarView()
      for x in 0..<size.columns { row.append(contentsOf: scalars(of: self[x, y])) }
      return String(row)
    }
  }

  /// All rows without trailing blanks, each with a line feed.
  package var text: String {
    textRows.map { row in
      let end = row.lastIndex { $0 != " " }.map { row.index(after: $0) } ?? row.startIndex
      return String(row[..<end]) + "\n"
    }.joined()
  }
}
