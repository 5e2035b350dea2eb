import Core
import Text

/// What a server's answer says to people.
enum AnswerText {
  private static let longest = 300

  /// The message of a JSON body, else the beginning of its text; control characters become blanks. Secrets are hidden before it is
  /// shortened: half of one is no longer found.
  static func message(of body: [UInt8], mask: (String) -> String) -> String {
    shortened(named(in: JSONNode(body)) ?? ByteText.text(body), mask: mask)
  }

  /// The same of an answer that says yes: a document without a message says no more to people.
  static func agreement(of body: [UInt8], mask: (String) -> String) -> String {
    let node = JSONNode(body)
    if node?.members != nil, named(in: node) == nil { return "" }
    return message(of: body, mask: mask)
  }

  private static func named(in node: JSONNode?) -> String? {
    ["message", "error_description", "detail", "error", "reason", "title"].lazy.compactMap { name in
      node?[name]?.scalar ?? node?[name]?["message"]?.scalar ?? node?[name]?.elements?.first?.scalar
    }.first
  }

  /// At most 300 characters on one line.
  static func shortened(_ text: String, mask: (String) -> String) -> String {
    let clean = String(
      String.UnicodeScalarView(mask(text).unicodeScalars.map { $0.properties.generalCategory == .control ? " " : $0 }))
    let words = clean.split(separator: " ").joined(separator: " ")
    return words.count > longest ? words.prefix(longest) + "…" : words
  }
}
