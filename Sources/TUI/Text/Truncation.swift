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
    var (head, headColumns) = (0, 0)
    var (tail, tailColumns) = (scalars.count, 0)
    while head < tail {
      let isHead = headColumns <= tailColumns
      let width = TextWidth.columns(of: scalars[isHead ? head : tail - 1])
      guard headColumns + width + tailColumns <= columns else { break }
      if isHead { (head, headColumns) = (head + 1, headColumns + width) }
      if !isHead { (tail, tailColumns) = (tail - 1, tailColumns + width) }
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
