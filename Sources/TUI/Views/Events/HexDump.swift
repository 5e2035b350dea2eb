/// Bytes that are no text, as hexadecimal numbers with what is ASCII beside them.
struct HexDump {
  private(set) var lines: [StyledLine] = []
  private(set) var isCut = false

  /// Sixteen bytes a line, or eight where there is less room.
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
