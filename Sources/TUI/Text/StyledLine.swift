/// One line of text in spans with different roles.
package struct StyledLine: Sendable, Equatable {
  package struct Span: Sendable, Equatable {
    package var text: String
    package var role: StyleRole
    package var emphasis: Emphasis
  }

  package private(set) var spans: [Span] = []

  package init() {}

  package init(_ text: String, _ role: StyleRole = .text, _ emphasis: Emphasis = []) {
    add(text, role, emphasis)
  }

  package mutating func add(_ text: String, _ role: StyleRole = .text, _ emphasis: Emphasis = []) {
    guard !text.isEmpty else { return }
    spans.append(Span(text: text, role: role, emphasis: emphasis))
  }

  package mutating func add(_ glyph: Unicode.Scalar, _ role: StyleRole = .text, _ emphasis: Emphasis = []) {
    add(String(glyph), role, emphasis)
  }

  package mutating func add(_ line: StyledLine) {
    spans += line.spans
  }

  /// Appends text in exactly `columns` columns, truncated or padded with spaces, plus one space.
  package mutating func add(
    _ text: String, columns: Int, align: Frame.Alignment = .left, ellipsis: Unicode.Scalar, _ role: StyleRole = .text
  ) {
    let line = TextLine(text, columns: columns, ellipsis: ellipsis)
    var shown = String.UnicodeScalarView()
    shown.append(contentsOf: line.scalars)
    let blanks = String(repeating: " ", count: max(0, columns - line.columns))
    add(align == .left ? String(shown) + blanks : blanks + String(shown), role)
    add(" ")
  }

  package var text: String { spans.map(\.text).joined() }
  package var isEmpty: Bool { spans.isEmpty }
  package var columns: Int { spans.reduce(0) { $0 + TextWidth.columns(of: $1.text) } }
}

extension Frame {
  /// Draws the spans in at most `width` columns. Returns the number of columns used.
  @discardableResult
  package mutating func put(
    _ line: StyledLine, x: Int, y: Int, width: Int? = nil, ellipsis: Unicode.Scalar? = nil
  ) -> Int {
    let room = min(width ?? .max, size.columns - x)
    var used = 0
    for (index, span) in line.spans.enumerated() where used < room {
      // A span that fits exactly is also truncated if more text follows, so that the truncation is visible.
      let isFollowed = line.spans[(index + 1)...].contains { $0.text.contains { $0 != " " } }
      let spanWidth = TextWidth.columns(of: span.text)
      let isCutAfter = isFollowed && used + spanWidth >= room && ellipsis != nil
      let text = isCutAfter ? span.text + "  " : span.text
      used += put(
        text, x: x + used, y: y, width: room - used, role: span.role, emphasis: span.emphasis, ellipsis: ellipsis)
    }
    return used
  }
}

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
