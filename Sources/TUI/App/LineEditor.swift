/// A line of text that is being typed, with the keys of a shell. Pure; holds at most `maxLength` characters.
package struct LineEditor: Sendable, Equatable {
  package static let maxLength = 500

  private var characters: [Character]
  /// Before which character the next one goes, 0 to the length.
  package private(set) var cursor: Int

  package init(_ text: String = "") {
    characters = Array(text.prefix(Self.maxLength))
    cursor = characters.count
  }

  package var text: String { String(characters) }
  package var beforeCursor: String { String(characters[..<cursor]) }
  package var isEmpty: Bool { characters.isEmpty }

  /// Control characters are not text and are left out.
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

  /// ^U: all that stands before the cursor.
  package mutating func deleteToStart() {
    characters.removeSubrange(..<cursor)
    cursor = 0
  }

  /// ^W: the word before the cursor, with the blanks behind it.
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
