import Core

/// Reads `checks` of a context: what a monitor is told, by names of the operator's choice.
struct ChecksReader {
  private static let most = 200

  let reading: ParseContext

  func read(_ node: YamlNode) -> [Check] {
    var reader = MappingReader(node, "`checks`", reading)
    let members = reader.takeAll()
    if members.count > Self.most { reading.add(node.mark, "`checks`: more than \(Self.most)") }
    return members.prefix(Self.most).compactMap { key, name, value in
      guard !name.isEmpty, let text = reading.word(value, name) else { return nil }
      do throws(CheckParser.Invalid) { return try CheckParser.check(text, name: name) } catch {
        reading.add(value.mark, "the check `\(name)`: \(error.message)")
        return nil
      }
    }
  }
}
