/// A line that is being typed at the foot of the screen.
package struct Prompt: Sendable, Equatable {
  package enum Kind: String, Sendable, CaseIterable {
    case filter
    case command
    case search
  }

  package let kind: Kind
  package var editor: LineEditor
  /// What stands in the way of it, while it is typed.
  package var error: String?
  /// The filter that Esc brings back.
  package let original: ListFilter
  /// How far back in the history it is; 0 is the line that is being typed, kept in `draft` meanwhile.
  package var historyDepth = 0
  package var draft = ""
  /// What Tab goes through; `nil` until it is pressed.
  var completion: Candidates?

  /// Whole lines that what was typed may be the beginning of.
  struct Candidates: Equatable, Sendable {
    var lines: [String]
    /// `nil` until one was taken.
    var place: Int?
  }

  package init(_ kind: Kind, text: String = "", original: ListFilter = ListFilter()) {
    self.kind = kind
    editor = LineEditor(text)
    self.original = original
  }

  /// Steps through earlier lines, newest first; a negative `distance` comes back.
  package mutating func recall(by distance: Int, from history: [String]) {
    let depth = min(max(0, historyDepth + distance), history.count)
    guard depth != historyDepth else { return }
    if historyDepth == 0 { draft = editor.text }
    historyDepth = depth
    editor = LineEditor(depth == 0 ? draft : history[history.count - depth])
  }

  /// Takes the next candidate, or as much as all have in common.
  mutating func complete(by step: Int, _ candidates: (String) -> [String]) {
    error = nil
    if completion == nil {
      let found = candidates(editor.text)
      guard !found.isEmpty else { return error = "no completion" }
      completion = Candidates(lines: found)
      let common = Self.common(found)
      if found.count > 1, common.count > editor.text.count { return editor = LineEditor(common) }
    }
    guard var known = completion else { return }
    let next = known.place.map { $0 + step } ?? (step > 0 ? 0 : known.lines.count - 1)
    let place = (next % known.lines.count + known.lines.count) % known.lines.count
    known.place = place
    editor = LineEditor(known.lines[place])
    // A single one is done with.
    completion = known.lines.count > 1 ? known : nil
  }

  private static func common(_ lines: [String]) -> String {
    lines.dropFirst().reduce(lines[0]) { common, line in String(zip(common, line).prefix { $0 == $1 }.map(\.0)) }
  }
}
