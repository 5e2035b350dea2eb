/// Sanitized text, truncated to a number of columns without splitting a wide character.
struct TextLine {
  private(set) var scalars: [Unicode.Scalar] = []
  private(set) var columns = 0
  private(set) var isCut = false
  /// Number of combining characters since the last character with a width.
  private var marks = 0

  /// Stops reading at the first character that does not fit.
  init(_ text: some StringProtocol, columns limit: Int, ellipsis: Unicode.Scalar?) {
    scalars.reserveCapacity(min(limit, 256))
    Sanitizer.forEach(in: text, while: { append($0, limit: limit) })
    if isCut, let ellipsis { end(with: ellipsis, limit: limit) }
  }

  private mutating func append(_ scalar: Unicode.Scalar, limit: Int) -> Bool {
    let width = TextWidth.columns(of: scalar)
    if columns + width > limit {
      isCut = true
      return false
    }
    marks = width == 0 ? marks + 1 : 0
    if marks < Frame.maxClusterLength {
      scalars.append(scalar)
      columns += width
    }
    return true
  }

  private mutating func end(with ellipsis: Unicode.Scalar, limit: Int) {
    while columns > limit - 1, let last = scalars.popLast() { columns -= TextWidth.columns(of: last) }
    scalars.append(ellipsis)
    columns += 1
  }
}

/// Truncation at other places than the end.
package enum Truncation {
  /// Keeps both ends, because they distinguish ids: `7f3a…91c2`. The result is sanitized and has at most `columns` columns.
  package static func middle(_ text: String, columns: Int, ellipsis: Unicode.Scalar) -> String {
    let whole = TextLine(text, columns: max(0, columns), ellipsis: nil)
    guard whole.isCut else { return string(whole.scalars[...]) }
    guard columns > 1 else { return columns == 1 ? String(ellipsis) : "" }
    let (head, tail) = ends(of: text, columns: columns - 1)
    return string(head) + String(ellipsis) + string(tail)
  }

  /// As much of both ends as fits, alternately, starting with the head.
  private static func ends(
    of text: String, columns: Int
  ) -> (head: ArraySlice<Unicode.Scalar>, tail: ArraySlice<Unicode.Scalar>) {
    var scalars: [Unicode.Scalar] = []
    Sanitizer.forEach(in: text) { scalars.append($0) }
    var room = columns
    var (head, tail) = (0, scalars.count)
    var isHeadNext = true
    while head < tail {
      let width = TextWidth.columns(of: scalars[isHeadNext ? head : tail - 1])
      guard width <= room else { break }
      room -= width
      if isHeadNext { head += 1 } else { tail -= 1 }
      // A combining mark is added together with its character.
      if width > 0 { isHeadNext.toggle() }
    }
    // A combining mark without its character would be drawn on the ellipsis.
    return (scalars[..<head], scalars[tail...].drop { TextWidth.columns(of: $0) == 0 })
  }

  private static func string(_ scalars: ArraySlice<Unicode.Scalar>) -> String {
    var view = String.UnicodeScalarView()
    view.append(contentsOf: scalars)
    return String(view)
  }
}
