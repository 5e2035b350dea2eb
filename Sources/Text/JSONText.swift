/// A JSON text laid out over lines for reading, one value a line. The text of numbers and strings stays exactly as it was; a text that
/// breaks off or is malformed is laid out as far as it goes.
package struct JSONText: Sendable, Equatable {
  package struct Line: Sendable, Equatable {
    package enum Part: Sendable, Equatable {
      case name
      case string
      /// A number, `true`, `false` or `null`.
      case literal
      case punctuation
      /// What does not belong into JSON.
      case unexpected
    }

    package struct Span: Sendable, Equatable {
      package var part: Part
      package var text: String
    }

    /// How deep it is nested.
    package var depth: Int
    package var spans: [Span]
    /// How many lines after it, its closing bracket included, belong to the object or array that it opens; 0 for other lines.
    package var bodyCount = 0

    package var text: String { spans.map(\.text).joined() }
  }

  package private(set) var lines: [Line] = []
  /// There was more than `maxLines`.
  package private(set) var isCut = false

  /// `nil` when the bytes do not begin as an object or array does.
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
  /// Breaks a stream of tokens into lines.
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

    /// A comma after a closing bracket stays on the bracket's line, so a line ends only where the next one begins.
    private mutating func append(_ part: Line.Part, _ text: String) {
      if current == nil { current = Line(depth: open.count, spans: []) }
      current?.spans.append(Line.Span(part: part, text: text))
    }

    private mutating func flush() {
      guard let line = current else { return }
      current = nil
      if lines.count >= maxLines { isCut = true } else { lines.append(line) }
    }

    /// Brackets that were never closed reach to the end.
    mutating func finish() -> [Line] {
      flush()
      for start in open where lines.indices.contains(start) { lines[start].bodyCount = lines.count - 1 - start }
      return lines
    }
  }
}
