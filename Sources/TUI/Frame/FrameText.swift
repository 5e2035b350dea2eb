/// A frame as plain text: for `snapshot -o screen`, and for tests to compare.
extension Frame {
  /// One string per row, with the blanks at its end.
  package var textRows: [String] {
    (0..<size.rows).map { y in
      var row = String.UnicodeScalarView()
      for x in 0..<size.columns { row.append(contentsOf: scalars(of: self[x, y])) }
      return String(row)
    }
  }

  /// All rows without the blanks at their ends, each ended by a line feed.
  package var text: String {
    textRows.map { row in
      let end = row.lastIndex { $0 != " " }.map { row.index(after: $0) } ?? row.startIndex
      return String(row[..<end]) + "\n"
    }.joined()
  }
}
