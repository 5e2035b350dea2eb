import Core
import Text

/// A regular expression whose named groups are members of a message. Belongs to one thread.
struct LinePattern {
  /// Of a longer line only the beginning is looked at: a careless expression takes long on long texts.
  static let longest = 4096

  private let regex: Regex<AnyRegexOutput>

  /// `nil` for what is no regular expression.
  init?(_ text: String) {
    guard let regex = try? Regex(text) else { return nil }
    self.regex = regex
  }

  /// The groups that took part, and what stands behind the match; `nil` where nothing matches.
  func match(_ line: Substring) -> (members: [JSONNode.Member], rest: Substring)? {
    guard let match = line.firstMatch(of: regex) else { return nil }
    let members = match.output.compactMap { group -> JSONNode.Member? in
      guard let name = group.name, let value = group.substring else { return nil }
      return JSONNode.Member(name: name, value: .string(String(value)))
    }
    return (members, line[match.range.upperBound...])
  }
}
