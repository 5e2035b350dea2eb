import Core
import Text

/// The text of a message as lines of a page. Objects and arrays can be folded.
struct MessageLines {
  /// Indentation in columns.
  private static let indent = 5
  /// Maximum number of lines for one long line of a message.
  private static let maxParts = 200

  let event: EventID
  /// Folded lines.
  let toggled: Set<LineID>
  /// The line of the event; `nil` on the page of the event itself.
  let parent: LineID?

  static func read(_ refs: [MessageRef], from source: any ContentSource) -> [MessageRef: Message] {
    var messages: [MessageRef: Message] = [:]
    for ref in refs { messages[ref] = source.message(ref) }
    return messages
  }

  func lines(_ message: Message?, _ context: DrawContext) -> [PageLine] {
    guard let message else {
      let line = StyledLine("     The text is no longer stored: the oldest texts are dropped first.", .warning)
      return [PageLine(line, id: .message(event, 0, part: 0), parent: parent)]
    }
    var lines: [PageLine] = []
    var hiddenUntil = 0
    let text = MessageText(message, columns: context.columns - Self.indent, glyphs: context.glyphs)
    for (number, entry) in text.entries.enumerated() where number >= hiddenUntil {
      let isFolded = entry.bodyCount > 0 && toggled.contains(.message(event, number, part: 0))
      if isFolded { hiddenUntil = number + entry.bodyCount + 1 }
      let parts = shown(entry, isFolded, context.glyphs).wrapped(
        columns: context.columns, indent: Self.indent + 2, maxLines: Self.maxParts)
      for (part, line) in parts.enumerated() {
        let fold: PageLine.Fold? = part > 0 || entry.bodyCount == 0 ? nil : isFolded ? .folded : .unfolded
        lines.append(PageLine(line, id: .message(event, number, part: part), fold: fold, parent: parent))
      }
    }
    return lines
  }

  private func shown(_ entry: MessageText.Entry, _ isFolded: Bool, _ glyphs: Glyphs) -> StyledLine {
    var line = entry.line.indented(by: Self.indent)
    if isFolded { line.add(" \(glyphs.ellipsis) \(entry.bodyCount) lines", .dim) }
    return line
  }
}

/// Binary data as hexadecimal numbers, with the ASCII characters next to them.
struct HexDump {
  private(set) var lines: [StyledLine] = []
  private(set) var isCut = false

  /// 16 bytes per line, or 8 in narrow areas.
  init(_ bytes: [UInt8], columns: Int, maxLines: Int) {
    let width = columns >= 74 ? 16 : 8
    for start in stride(from: 0, to: bytes.count, by: width) {
      guard lines.count < maxLines else {
        isCut = true
        return
      }
      lines.append(Self.line(bytes[start..<min(start + width, bytes.count)], offset: start, width: width))
    }
  }

  private static func line(_ bytes: ArraySlice<UInt8>, offset: Int, width: Int) -> StyledLine {
    let numbers = numbers(bytes)
    let characters = bytes.map { $0 >= 0x20 && $0 < 0x7f ? Character(Unicode.Scalar($0)) : "." }
    var line = StyledLine("\(hex(offset, digits: 6))  ", .dim)
    line.add(numbers + String(repeating: " ", count: 3 * width - numbers.count + 1))
    line.add(String(characters), .dim)
    return line
  }

  /// "80 01 ff".
  static func numbers(_ bytes: some Sequence<UInt8>) -> String {
    bytes.map { hex(Int($0), digits: 2) }.joined(separator: " ")
  }

  private static func hex(_ number: Int, digits: Int) -> String {
    let text = String(number, radix: 16)
    return String(repeating: "0", count: max(0, digits - text.count)) + text
  }
}

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
