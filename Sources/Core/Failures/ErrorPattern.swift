/// What error texts of one cause have in common: the head of the text, with everything that differs from one occurrence to the next
/// written as a placeholder.
///
/// `<n>` is a number, `<id>` an id of letters and digits, `<uuid>`, `<hex>`, `<time>`, `<addr>` an IP address or host and port, `<s>` a
/// quoted value. A status code (`status 503`, `HTTP 404`, `SQLSTATE 23505`) is kept: it tells causes apart.
package enum ErrorPattern {
  /// Longer patterns are cut, with `…` at the end.
  static let mostBytes = 200

  /// Said where a failure tells no text.
  package static let none = "(no error text)"

  package static func of(_ text: String?) -> String {
    guard let text else { return none }
    var scanner = ErrorScanner(ErrorHead.of(text))
    let pattern = cut(withoutLists(scanner.run()))
    return pattern.isEmpty ? none : pattern
  }

  /// `[<n>, <n>, <n>]` says no more than `[<n>, …]`, and lists differ in length.
  private static func withoutLists(_ words: [ErrorScanner.Piece]) -> [UInt8] {
    var text: [UInt8] = []
    var index = 0
    while index < words.count {
      text += words[index].bytes
      var next = index + 1
      if words[index].isPlaceholder {
        while next + 1 < words.count, words[next].isListSeparator, words[next + 1] == words[index] { next += 2 }
        if next > index + 1 { text += Array(", …".utf8) }
      }
      index = next
    }
    return text
  }

  private static func cut(_ text: [UInt8]) -> String {
    guard text.count > mostBytes else { return String(decoding: text, as: UTF8.self) }
    var end = mostBytes
    while end > 0, text[end] & 0xc0 == 0x80 { end -= 1 }
    return String(decoding: text[..<end], as: UTF8.self) + "…"
  }
}
