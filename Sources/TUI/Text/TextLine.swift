/// Text made harmless and cut to a number of columns, never through a wide character.
struct TextLine {
  private(set) var scalars: [Unicode.Scalar] = []
  private(set) var columns = 0
  private(set) var isCut = false
  /// Combining characters since the last one with a width.
  private var marks = 0

  /// Reads no further than to the first character without room.
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

/// Shortening where something other than the end matters least.
package enum Truncation {
  /// Keeps both ends, as ids are told apart: `7f3a…91c2`. The result is already harmless and has at most `columns` columns.
  package static func middle(_ text: String, columns: Int, ellipsis: Unicode.Scalar) -> String {
    let whole = TextLine(text, columns: max(0, columns), ellipsis: nil)
    guard whole.isCut else { return string(whole.scalars[...]) }
    guard columns > 1 else { return columns == 1 ? String(ellipsis) : "" }
    let (head, tail) = ends(of: text, columns: columns - 1)
    return string(head) + String(ellipsis) + string(tail)
  }

  /// As much of both ends as there is room for, by turns, the beginning first.
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
      // A mark comes with its character.
      if width > 0 { isHeadNext.toggle() }
    }
    // A mark whose character was cut off would sit on the ellipsis.
    return (scalars[..<head], scalars[tail...].drop { TextWidth.columns(of: $0) == 0 })
  }

  private static func string(_ scalars: ArraySlice<Unicode.Scalar>) -> String {
    var view = String.UnicodeScalarView()
    view.append(contentsOf: scalars)
    return String(view)
  }
}
