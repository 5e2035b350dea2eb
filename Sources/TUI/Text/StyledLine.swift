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
