/// Splits the relevant line of an error text into pieces: fixed text, and placeholders for variable values.
struct ErrorScanner {
  struct Piece: Equatable {
    var bytes: [UInt8]
    var isPlaceholder = false

    var isListSeparator: Bool { bytes == [UInt8(ascii: ","), UInt8(ascii: " ")] || bytes == [UInt8(ascii: ",")] }
  }

  /// Values of these keys in a body are the error text; other quoted values become placeholders.
  private static let telling: Set<String> = [
    "message", "msg", "error", "errormessage", "error_description", "reason", "detail", "title", "description",
  ]

  private let text: [UInt8]
  private var place = 0
  private var pieces: [Piece] = []
  /// The last word in lower case; it determines the meaning of the next value.
  private var word = ""
  /// Closing quotes of the values that are being scanned.
  private var openQuotes: [UInt8] = []

  init(_ text: [UInt8]) {
    self.text = text
  }

  mutating func run() -> [Piece] {
    while place < text.count { step() }
    if pieces.last?.bytes == [UInt8(ascii: " ")] { pieces.removeLast() }
    return pieces
  }

  private mutating func step() {
    let byte = text[place]
    if byte == 0x1b {
      skipEscape()
    } else if byte <= 0x20 || byte == 0x7f {
      space()
    } else if let end = quoteEnd() {
      quote(until: end)
    } else if let match = ErrorToken.match(text, at: place, after: word) {
      let isProtocolVersion = word == "http" && text[place - 1] == UInt8(ascii: "/")
      append(match.replacement, isPlaceholder: true)
      place = match.end
      if !isProtocolVersion { word = "" }
    } else if ErrorToken.isWord(byte) {
      takeWord()
    } else {
      punctuation(byte)
    }
  }

  /// Terminal escape sequences are not part of the error.
  private mutating func skipEscape() {
    place += 1
    guard place < text.count, text[place] == UInt8(ascii: "[") else { return }
    place += 1
    while place < text.count, !(0x40...0x7e).contains(text[place]) { place += 1 }
    place += 1
  }

  private mutating func space() {
    if !pieces.isEmpty, pieces.last?.bytes.last != UInt8(ascii: " ") { add(UInt8(ascii: " ")) }
    place += 1
  }

  private mutating func punctuation(_ byte: UInt8) {
    if byte == openQuotes.last { openQuotes.removeLast() }
    add(byte)
    place += 1
  }

  /// `, ` stays one piece, so that lists can be detected.
  private mutating func add(_ byte: UInt8) {
    if byte == UInt8(ascii: " "), pieces.last?.bytes == [UInt8(ascii: ",")] {
      pieces[pieces.count - 1].bytes.append(byte)
    } else {
      pieces.append(Piece(bytes: [byte]))
    }
  }

  private mutating func append(_ word: String, isPlaceholder: Bool) {
    pieces.append(Piece(bytes: Array(word.utf8), isPlaceholder: isPlaceholder))
  }

  private mutating func takeWord() {
    let start = place
    while place < text.count, ErrorToken.isWord(text[place]) { place += 1 }
    let taken = text[start..<place]
    for part in ErrorToken.parts(of: taken, after: word) {
      append(String(decoding: part.bytes, as: UTF8.self), isPlaceholder: part.isPlaceholder)
    }
    word = String(decoding: taken.map(ASCIIMatch.lowered), as: UTF8.self)
  }
}

/// Quoted values.
extension ErrorScanner {
  private static let closing: [UInt8: UInt8] = [
    UInt8(ascii: "\""): UInt8(ascii: "\""), UInt8(ascii: "'"): UInt8(ascii: "'"), UInt8(ascii: "`"): UInt8(ascii: "`"),
  ]

  /// The end of the quoted text that starts here; `nil` if there is none or the mark is an apostrophe.
  private func quoteEnd() -> Int? {
    if let end = typographicEnd() { return end }
    guard let close = Self.closing[text[place]], openQuotes.last != text[place] else { return nil }
    if place > 0, ErrorToken.isWord(text[place - 1]) { return nil }
    var end = place + 1
    while end < text.count {
      if text[end] == UInt8(ascii: "\\") {
        end += 2
        continue
      }
      let isFollowedByWord = end + 1 < text.count && ErrorToken.isWord(text[end + 1])
      if text[end] == close, !(close == UInt8(ascii: "'") && isFollowedByWord) { return end + 1 }
      end += 1
    }
    return nil
  }

  /// “…”, ‘…’ and «…».
  private func typographicEnd() -> Int? {
    let pairs: [(open: StaticString, close: StaticString)] = [("“", "”"), ("‘", "’"), ("«", "»")]
    for pair in pairs where pair.open.withUTF8Buffer({ text[place...].starts(with: $0) }) {
      let end = text.indices[place...].first { index in
        pair.close.withUTF8Buffer { text[index...].starts(with: $0) }
      }
      return end.map { $0 + pair.close.utf8CodeUnitCount }
    }
    return nil
  }

  private mutating func quote(until end: Int) {
    let inside = String(decoding: text[(place + 1)..<(end - 1)].map(ASCIIMatch.lowered), as: UTF8.self)
    let isKey = end < text.count && text[end] == UInt8(ascii: ":") && ErrorToken.isName(inside)
    if isKey {
      pieces.append(Piece(bytes: Array(text[place..<end])))
      word = inside
      place = end
    } else if Self.telling.contains(word), isValue {
      openQuotes.append(text[place])
      add(text[place])
      place += 1
      word = ""
    } else {
      append("<s>", isPlaceholder: true)
      place = end
      word = ""
    }
  }

  /// After `:` or `=`.
  private var isValue: Bool {
    let mark = text[..<place].last { $0 > 0x20 }
    return mark == UInt8(ascii: ":") || mark == UInt8(ascii: "=")
  }
}
