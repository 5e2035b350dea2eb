/// Shortening where something other than the end matters least.
package enum Truncation {
  /// Keeps both ends, as ids are told apart: `7f3a…91c2`. The result is already harmless and has at most `columns` columns.
  package static func middle(_ text: String, columns: Int, ellipsis: Unicode.Scalar) -> String {
    var scalars: [Unicode.Scalar] = []
    Sanitizer.forEach(in: text) { scalars.append($0) }
    guard width(scalars[...]) > columns else { return string(scalars[...]) }
    guard columns > 1 else { return columns == 1 ? String(ellipsis) : "" }
    var head = 0
    var tail = scalars.count
    while tail > head {
      let grown = head <= scalars.count - tail ? (head + 1, tail) : (head, tail - 1)
      if width(scalars[..<grown.0]) + width(scalars[grown.1...]) > columns - 1 { break }
      (head, tail) = grown
    }
    return string(scalars[..<head]) + String(ellipsis) + string(scalars[tail...])
  }

  private static func width(_ scalars: ArraySlice<Unicode.Scalar>) -> Int {
    scalars.reduce(0) { $0 + TextWidth.columns(of: $1) }
  }

  private static func string(_ scalars: ArraySlice<Unicode.Scalar>) -> String {
    var view = String.UnicodeScalarView()
    view.append(contentsOf: scalars)
    return String(view)
  }
}
