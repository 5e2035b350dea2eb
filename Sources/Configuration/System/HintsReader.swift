import Core
import Text

/// Reads what a context says of a system whose rest is to be inferred: `ids`, `flow` and `words`.
struct HintsReader {
  let reading: ParseContext

  func read(_ reader: inout MappingReader) -> InferenceHints {
    var hints = InferenceHints()
    hints.ids = reader.sources("ids")
    hints.flow = reader.texts("flow").flatMap { Self.names($0.text) }
    if let node = reader.take("words") { hints.words = words(node) }
    return hints
  }

  private func words(_ node: YamlNode) -> [Vocabulary.WordClass: [String]] {
    var reader = MappingReader(node, "`words`", reading)
    defer { reader.finish() }
    var words: [Vocabulary.WordClass: [String]] = [:]
    for (key, kind) in Self.classes {
      let texts = reader.texts(key).flatMap { Self.names($0.text) }
      if !texts.isEmpty { words[kind] = texts }
    }
    return words
  }

  /// "stock, payment" is two.
  private static func names(_ text: String) -> [String] {
    text.split(separator: ",").map { name in
      String(name.drop(while: \.isWhitespace).reversed().drop(while: \.isWhitespace).reversed())
    }.filter { !$0.isEmpty }
  }

  private static let classes: [(String, Vocabulary.WordClass)] = [
    ("done", .done), ("failed", .failed), ("undone", .undone), ("started", .begun), ("asked", .asked), ("step", .acted),
    ("nothing", .told),
  ]
}
