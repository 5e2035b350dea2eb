import Core
import Text

/// Describes, as comments, the messages of a system without a complete inference, with the keys for hints.
enum ProfileText {
  private static let mostFields = 40
  private static let mostCandidates = 5

  /// `ids` are the sources by which sagas were found.
  static func lines(_ profile: MessageProfile, ids: [FieldSource]) -> [String] {
    var lines = ["# What was seen in \(profile.messages) messages (values are masked: x is a letter, 9 a digit):"]
    lines.append("#   \(padded("field", 40)) \(padded("messages", 9)) \(padded("values", 7)) examples")
    for field in profile.fields.prefix(mostFields) {
      let name = YamlText.comment(FieldSourceText.text(field.source))
      let examples = field.examples.map { YamlText.comment($0) }.joined(separator: ", ")
      lines.append(
        "#   \(padded(name, 40)) \(padded("\(field.messages)", 9)) \(padded("\(field.values)", 7)) \(examples)")
    }
    if profile.fields.count > mostFields { lines.append("#   and \(profile.fields.count - mostFields) more fields") }
    lines += candidates("the type of an event", profile.types)
    lines += candidates(
      "the id of a saga",
      profile.ids.map { .init(source: $0.source, rejection: ids.contains($0.source) ? nil : $0.rejection) })
    return lines
  }

  /// Commented-out keys for hints, filled with the most likely values.
  static func hints(_ profile: MessageProfile) -> [String] {
    let id = profile.ids.first.map { FieldSourceText.text($0.source) } ?? "orderId"
    let type = profile.types.first.map { FieldSourceText.text($0.source) } ?? "type"
    return [
      "# What is known is said here; the rest is inferred around it (docs/inference.md):",
      "# ids: \(YamlText.comment(YamlText.scalar(id)))",
      "# fields: {type: \(YamlText.comment(YamlText.scalar(type)))}",
      "# flow: [first, second, third]",
      "# words: {done: [], failed: [], undone: []}",
    ]
  }

  private static func candidates(_ what: String, _ candidates: [MessageProfile.Candidate]) -> [String] {
    guard !candidates.isEmpty else { return ["# Nothing could be \(what)."] }
    return ["# Candidates for \(what):"]
      + candidates.prefix(mostCandidates).map { candidate in
        let reason = candidate.rejection.map { "not taken: \($0)" } ?? "taken"
        return "#   \(YamlText.comment(FieldSourceText.text(candidate.source))): \(reason)"
      }
  }

  private static func padded(_ text: String, _ width: Int) -> String {
    text.count >= width ? text : text + String(repeating: " ", count: width - text.count)
  }
}
