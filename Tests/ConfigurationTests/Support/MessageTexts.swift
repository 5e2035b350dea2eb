/// A message in a source file: string literals of four words or more; concatenated literals count as one.
struct MessageTexts: CustomStringConvertible {
  /// The literal parts between the interpolations.
  private(set) var parts: [String]

  var description: String { parts.joined(separator: "…") }

  /// Whether a line contains all parts in their order.
  func isFound(in text: String) -> Bool {
    text.utf8.split(separator: UInt8(ascii: "\n")).contains { line in
      var rest = line[...]
      for part in parts where !part.isEmpty {
        guard let range = rest.firstRange(of: part.utf8) else { return false }
        rest = rest[range.upperBound...]
      }
      return true
    }
  }

  static func read(_ source: String) -> [MessageTexts] {
    var scanner = Scanner(rest: Array(source)[...])
    var texts: [MessageTexts] = []
    var isAdded = false
    while let character = scanner.rest.first {
      if scanner.skipComment() { continue }
      if character == "\"" {
        let parts = scanner.text()
        if isAdded, let last = texts.indices.last {
          texts[last].parts[texts[last].parts.count - 1] += parts[0]
          texts[last].parts += parts.dropFirst()
        } else {
          texts.append(MessageTexts(parts: parts))
        }
        isAdded = false
        continue
      }
      if character == "+" { isAdded = true } else if !character.isWhitespace { isAdded = false }
      scanner.rest.removeFirst()
    }
    return texts.filter { $0.parts.joined().split(separator: " ").count > 3 }
  }

  private struct Scanner {
    var rest: ArraySlice<Character>

    mutating func skipComment() -> Bool {
      guard rest.starts(with: "//") else { return false }
      rest = rest.drop { $0 != "\n" }
      return true
    }

    /// Reads a string literal and returns its parts between the interpolations.
    mutating func text() -> [String] {
      var parts = [""]
      rest.removeFirst()
      while let character = rest.popFirst(), character != "\"" {
        guard character == "\\" else {
          parts[parts.count - 1].append(character)
          continue
        }
        guard let escaped = rest.popFirst() else { break }
        if escaped == "(" {
          skipValue()
          parts.append("")
        } else {
          parts[parts.count - 1].append(escaped)
        }
      }
      return parts
    }

    private mutating func skipValue() {
      var depth = 1
      while depth > 0, let character = rest.first {
        if character == "\"" {
          _ = text()
          continue
        }
        if character == "(" { depth += 1 }
        if character == ")" { depth -= 1 }
        rest.removeFirst()
      }
    }
  }
}
