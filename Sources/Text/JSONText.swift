/// A JSON text formatted for reading, with one value per line. Numbers and strings stay unchanged. Truncated or malformed text is
/// formatted up to the error or the end.
package struct JSONText: Sendable, Equatable {
  package struct Line: Sendable, Equatable {
    package enum Part: Sendable, Equatable {
      case name
      case string
      /// A number, `true`, `false` or `null`.
      case literal
      case punctuation
      /// Not valid JSON.
      case unexpected
    }

    package struct Span: Sendable, Equatable {
      package var part: Part
      package var text: String
    }

    /// Nesting depth.
    package var depth: Int
    package var spans: [Span]
    /// Number of following lines that belong to the object or array opened on this line, including the line of its closing bracket. 0 for
    /// other lines.
    package var bodyCount = 0

    package var text: String { spans.map(\.text).joined() }
  }

  package private(set) var lines: [Line] = []
  /// The text had more than `maxLines` lines.
  package private(set) var isCut = false

  /// `nil` if the bytes do not start like an object or array.
  package init?(_ bytes: [UInt8], maxLines: Int = 2000) {
    guard let first = bytes.first(where: { !JSONScanner.isBlank($0) }) else { return nil }
    guard first == UInt8(ascii: "{") || first == UInt8(ascii: "[") else { return nil }
    var layout = Layout(maxLines: max(1, maxLines))
    var scanner = JSONScanner(bytes)
    while !layout.isCut, let token = scanner.next() { layout.add(token) }
    lines = layout.finish()
    isCut = layout.isCut
  }
}

extension JSONText {
  /// Splits a token stream into lines.
  private struct Layout {
    let maxLines: Int
    var lines: [Line] = []
    var current: Line?
    var open: [Int] = []
    var isCut = false

    mutating func add(_ token: JSONScanner.Token) {
      switch token {
      case .open(let bracket):
        append(.punctuation, bracket)
        open.append(lines.count)
        flush()
      case .close(let bracket):
        close(bracket)
      case .colon:
        append(.punctuation, ": ")
      case .comma:
        append(.punctuation, ",")
        flush()
      case .string(let text, let isName):
        append(isName ? .name : .string, text)
      case .literal(let text):
        append(.literal, text)
      case .unexpected(let text):
        append(.unexpected, text)
      }
    }

    private mutating func close(_ bracket: String) {
      guard let start = open.popLast() else { return append(.unexpected, bracket) }
      if current == nil, start == lines.count - 1, lines.indices.contains(start) {
        current = lines.removeLast()
        return append(.punctuation, bracket)
      }
      flush()
      append(.punctuation, bracket)
      if lines.indices.contains(start) { lines[start].bodyCount = lines.count - start }
    }

    /// A comma after a closing bracket stays on the bracket's line, so a line ends only when the next one starts.
    private mutating func append(_ part: Line.Part, _ text: String) {
      if current == nil { current = Line(depth: open.count, spans: []) }
      current?.spans.append(Line.Span(part: part, text: text))
    }

    private mutating func flush() {
      guard let line = current else { return }
      current = nil
      if lines.count >= maxLines { isCut = true } else { lines.append(line) }
    }

    /// A bracket that is never closed extends to the end.
    mutating func finish() -> [Line] {
      flush()
      for start in open where lines.indices.contains(start) { lines[start].bodyCount = lines.count - 1 - start }
      return lines
    }
  }
}
