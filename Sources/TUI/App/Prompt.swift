/// A line of input in the last row of the screen.
package struct Prompt: Sendable, Equatable {
  package enum Kind: String, Sendable, CaseIterable {
    case filter
    case command
    case search
  }

  package let kind: Kind
  package var editor: LineEditor
  /// Error in the current text; `nil` if none.
  package var error: String?
  /// The filter that Esc restores.
  package let original: ListFilter
  /// Position in the history, counted from the newest; 0 is the current line, which `draft` stores meanwhile.
  package var historyDepth = 0
  package var draft = ""
  /// Candidates of the completion; `nil` until Tab is pressed.
  var completion: Candidates?

  /// Complete lines that start with the typed text.
  struct Candidates: Equatable, Sendable {
    var lines: [String]
    /// Index of the selected line; `nil` until one is selected.
    var place: Int?
  }

  package init(_ kind: Kind, text: String = "", original: ListFilter = ListFilter()) {
    self.kind = kind
    editor = LineEditor(text)
    self.original = original
  }

  /// Moves to earlier lines, newest first; a negative `distance` moves to later ones.
  package mutating func recall(by distance: Int, from history: [String]) {
    let depth = min(max(0, historyDepth + distance), history.count)
    guard depth != historyDepth else { return }
    if historyDepth == 0 { draft = editor.text }
    historyDepth = depth
    editor = LineEditor(depth == 0 ? draft : history[history.count - depth])
  }

  /// Inserts the next candidate, or first the common prefix of all candidates.
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
    // A single candidate completes the line.
    completion = known.lines.count > 1 ? known : nil
  }

  private static func common(_ lines: [String]) -> String {
    lines.dropFirst().reduce(lines[0]) { common, line in String(zip(common, line).prefix { $0 == $1 }.map(\.0)) }
  }
}

/// An editable line of text with the keys of a shell. Pure; at most `maxLength` characters.
package struct LineEditor: Sendable, Equatable {
  package static let maxLength = 500

  private var characters: [Character]
  /// Position at which text is inserted, 0 to the length.
  package private(set) var cursor: Int

  package init(_ text: String = "") {
    characters = Array(text.prefix(Self.maxLength))
    cursor = characters.count
  }

  package var text: String { String(characters) }
  package var beforeCursor: String { String(characters[..<cursor]) }
  package var isEmpty: Bool { characters.isEmpty }

  /// Ignores control characters.
  package mutating func insert(_ character: Character) {
    let isControl = character.unicodeScalars.contains { $0.properties.generalCategory == .control }
    guard characters.count < Self.maxLength, !isControl else { return }
    characters.insert(character, at: cursor)
    cursor += 1
  }

  package mutating func deleteBackward() {
    guard cursor > 0 else { return }
    cursor -= 1
    characters.remove(at: cursor)
  }

  package mutating func deleteForward() {
    guard cursor < characters.count else { return }
    characters.remove(at: cursor)
  }

  /// ^U: deletes the text before the cursor.
  package mutating func deleteToStart() {
    characters.removeSubrange(..<cursor)
    cursor = 0
  }

  /// ^W: deletes the word before the cursor and the blanks after it.
  package mutating func deleteWord() {
    var start = cursor
    while start > 0, characters[start - 1] == " " { start -= 1 }
    while start > 0, characters[start - 1] != " " { start -= 1 }
    characters.removeSubrange(start..<cursor)
    cursor = start
  }

  package mutating func move(by distance: Int) {
    cursor = min(max(0, cursor + distance), characters.count)
  }

  package mutating func moveToStart() { cursor = 0 }

  package mutating func moveToEnd() { cursor = characters.count }
}
