/// The line of an error text that tells what went wrong; stack frames and what follows them are not part of it.
enum ErrorHead {
  /// More of a text is not looked at.
  static let mostBytes = 4096

  /// Empty where the text is blank.
  static func of(_ text: String) -> [UInt8] {
    let lines = lines(of: text.utf8.prefix(mostBytes))
    guard let first = lines.first(where: { !isBlank($0) }) else { return [] }
    let head = starts(first, "Traceback (most recent call last)") ? pythonHead(lines) ?? first : first
    return withoutFrames(joined(trimmed(head), lines))
  }

  /// Python tells the error last, in the first line behind the frames that is not indented.
  private static func pythonHead(_ lines: [[UInt8]]) -> [UInt8]? {
    let start = lines.firstIndex { starts($0, "Traceback (most recent call last)") } ?? 0
    return lines[(start + 1)...].first { !isBlank($0) && !isSpace($0[0]) }
  }

  /// A line that ends in a colon announces the next one, unless that is a frame.
  private static func joined(_ head: [UInt8], _ lines: [[UInt8]]) -> [UInt8] {
    guard head.last == UInt8(ascii: ":"), let place = lines.firstIndex(where: { trimmed($0) == head }),
      let next = lines[(place + 1)...].first(where: { !isBlank($0) }).map(trimmed), !isFrame(next[...])
    else { return head }
    return head + [UInt8(ascii: " ")] + next
  }

  /// Frames that were put behind the text in the same line.
  private static func withoutFrames(_ head: [UInt8]) -> [UInt8] {
    var place = 1
    while place + 4 < head.count {
      if isSpace(head[place]), isFrame(head[(place + 1)...]) { return trimmed(Array(head[..<place])) }
      place += 1
    }
    return head
  }

  /// `at com.shop.Stock.take(Stock.java:42)`, `at take (/app/stock.js:10:5)`, `File "stock.py", line 3`, `goroutine 1 [`.
  private static func isFrame(_ text: ArraySlice<UInt8>) -> Bool {
    if starts(text, "File \"") { return contains(text.prefix(200), "\", line ") }
    if starts(text, "goroutine ") { return contains(text.prefix(40), " [") }
    guard starts(text, "at ") else { return false }
    let rest = text.dropFirst(3).prefix(300)
    guard let open = rest.firstIndex(of: UInt8(ascii: "(")) else { return false }
    let name = rest[..<open]
    guard !name.isEmpty, name.filter(isSpace).count <= 3, name.allSatisfy(isPartOfName),
      let close = rest[open...].firstIndex(of: UInt8(ascii: ")"))
    else { return false }
    let place = rest[(open + 1)..<close]
    return contains(place, ":") || contains(place, "Native Method") || contains(place, "Unknown Source")
      || contains(place, "native") || contains(place, "anonymous")
      || (place.isEmpty && name.contains(UInt8(ascii: ".")))
  }

  private static func isPartOfName(_ byte: UInt8) -> Bool {
    ErrorToken.isWord(byte) || isSpace(byte) || "./$<>[]".utf8.contains(byte)
  }

  /// A line feed may have been written as `\n`.
  private static func lines(of text: some Sequence<UInt8>) -> [[UInt8]] {
    var lines: [[UInt8]] = [[]]
    for byte in text {
      if byte == UInt8(ascii: "n"), lines[lines.count - 1].last == UInt8(ascii: "\\") {
        lines[lines.count - 1].removeLast()
        lines.append([])
      } else if byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\r") {
        lines.append([])
      } else {
        lines[lines.count - 1].append(byte)
      }
    }
    return lines
  }

  private static func isSpace(_ byte: UInt8) -> Bool { byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") }

  private static func isBlank(_ line: [UInt8]) -> Bool { line.allSatisfy(isSpace) }

  private static func trimmed(_ line: [UInt8]) -> [UInt8] {
    var line = line[...]
    while let last = line.last, isSpace(last) { line.removeLast() }
    while let first = line.first, isSpace(first) { line.removeFirst() }
    return Array(line)
  }

  private static func starts(_ text: some Sequence<UInt8>, _ word: StaticString) -> Bool {
    word.withUTF8Buffer { text.starts(with: $0) }
  }

  private static func contains(_ text: ArraySlice<UInt8>, _ word: StaticString) -> Bool {
    word.withUTF8Buffer { word in text.indices.contains { text[$0...].starts(with: word) } }
  }
}
