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
}
