import Core
import Text

/// The formatted text of a message: key, headers, then the body as JSON, text or bytes.
struct MessageText {
  struct Entry {
    var line: StyledLine
    /// Number of following entries inside the object or array that this entry opens.
    var bodyCount = 0
  }

  private static let maxLines = 2000

  private(set) var entries: [Entry] = []
  private let glyphs: Glyphs

  init(_ message: Message, columns: Int, glyphs: Glyphs) {
    self.glyphs = glyphs
    if !message.key.isEmpty { add(name: "key", Self.readable(message.key) ?? HexDump.numbers(message.key)) }
    for header in message.headers.prefix(100) { add(name: header.name, header.value) }
    addBody(message.body, columns: columns)
    if message.fullBodyLength > message.body.count {
      let kept = Quantity.grouped(message.body.count)
      note("first \(kept) of \(Quantity.grouped(message.fullBodyLength)) bytes kept")
    }
  }

  private mutating func add(name: String, _ value: String) {
    var line = StyledLine("\(name): ", .key)
    line.add(value)
    entries.append(Entry(line: line))
  }

  private mutating func note(_ text: String) {
    entries.append(Entry(line: StyledLine(text, .warning)))
  }

  private mutating func addBody(_ body: [UInt8], columns: Int) {
    if body.isEmpty {
      note("the message has no body")
    } else if let json = JSONText(body, maxLines: Self.maxLines) {
      entries += json.lines.map { Entry(line: Self.styled($0), bodyCount: $0.bodyCount) }
      if json.isCut { note("more lines are not shown") }
    } else if let text = Self.readable(body) {
      let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
      entries += lines.prefix(Self.maxLines).map { Entry(line: StyledLine(String($0))) }
      if lines.count > Self.maxLines { note("more lines are not shown") }
    } else {
      let dump = HexDump(body, columns: columns, maxLines: Self.maxLines)
      entries += dump.lines.map { Entry(line: $0) }
      if dump.isCut { note("more bytes are not shown") }
    }
  }

  private static func readable(_ body: [UInt8]) -> String? {
    guard body.allSatisfy({ $0 >= 0x20 && $0 != 0x7f || $0 == 0x0a || $0 == 0x0d || $0 == 0x09 }) else { return nil }
    return String(validating: body, as: UTF8.self)
  }

  private static func styled(_ line: JSONText.Line) -> StyledLine {
    var styled = StyledLine(String(repeating: "  ", count: min(line.depth, 30)))
    for span in line.spans { styled.add(span.text, role(span.part)) }
    return styled
  }

  private static func role(_ part: JSONText.Line.Part) -> StyleRole {
    switch part {
    case .name: .key
    case .string: .text
    case .literal: .chart
    case .punctuation: .dim
    case .unexpected: .warning
    }
  }
}
