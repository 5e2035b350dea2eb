extension StyledLine {
  private struct Piece {
    var scalar: Unicode.Scalar
    var width: Int
    var span: Int
  }

  /// The line in parts of at most `columns` columns, broken after a space in the second half of a part if there is one. All parts except
  /// the first are indented. There are at most `maxLines` parts; the last one is not shortened.
  func wrapped(columns: Int, indent: Int, maxLines: Int) -> [StyledLine] {
    guard self.columns > columns else { return [self] }
    let blanks = String(repeating: " ", count: max(0, min(indent, columns / 2)))
    var rest = pieces[...]
    var lines: [StyledLine] = []
    while !rest.isEmpty {
      let isLast = lines.count + 1 >= maxLines
      let room = lines.isEmpty ? columns : columns - blanks.count
      let count = isLast ? rest.count : Self.fitting(rest, room)
      let start = lines.isEmpty ? "" : blanks
      lines.append(line(rest.prefix(count), after: start))
      rest = rest.dropFirst(count)
    }
    return lines
  }

  private var pieces: [Piece] {
    var pieces: [Piece] = []
    for (index, span) in spans.enumerated() {
      Sanitizer.forEach(in: span.text) { scalar in
        pieces.append(Piece(scalar: scalar, width: TextWidth.columns(of: scalar), span: index))
      }
    }
    return pieces
  }

  /// Number of pieces that fit into `room` columns; at least one.
  private static func fitting(_ pieces: ArraySlice<Piece>, _ room: Int) -> Int {
    var used = 0
    var count = 0
    for piece in pieces {
      guard used + piece.width <= room else { break }
      used += piece.width
      count += 1
    }
    guard count < pieces.count else { return count }
    let blank = pieces.prefix(count).lastIndex { $0.scalar == " " }.map { $0 - pieces.startIndex + 1 } ?? 0
    return max(1, blank > count / 2 ? blank : count)
  }

  private func line(_ pieces: ArraySlice<Piece>, after start: String) -> StyledLine {
    var line = StyledLine(start)
    var rest = pieces
    while let first = rest.first {
      let same = rest.prefix { $0.span == first.span }
      var text = String.UnicodeScalarView()
      text.append(contentsOf: same.map(\.scalar))
      line.add(String(text), spans[first.span].role, spans[first.span].emphasis)
      rest = rest.dropFirst(same.count)
    }
    return line
  }
}
