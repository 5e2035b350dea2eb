import Core

/// The page of one subject, opened over a list or another page. A value type: `read` fills it, and its lines depend on nothing else.
package protocol Page: Sendable {
  var document: Document { get set }
  var name: PageName { get }

  /// Reads the subject. Called only once while the screen is frozen.
  mutating func read(_ request: ReadRequest)
  /// Reads the texts of unfolded messages. Called after `read`, also while frozen.
  mutating func readMessages(_ source: any ContentSource)
  /// The lines for the width of the screen.
  func lines(_ context: DrawContext) -> [PageLine]

  /// The text that `y` copies.
  var copied: String { get }
  /// The page of the subject's saga; `nil` if there is none, or if the page is that of a saga.
  var saga: SagaPage? { get }
  func subjects(of scope: ActionName.Scope) -> [ActionSubject]
}

extension Page {
  package mutating func readMessages(_ source: any ContentSource) {}
  package var saga: SagaPage? { nil }
  package func subjects(of scope: ActionName.Scope) -> [ActionSubject] { [] }

  package var title: String { "\(name.word) \(name.text)" }
}

/// "lock inventory:lock:1"; `columns` is the maximum width of the name next to the tabs.
package struct PageName: Sendable {
  let word: String
  let text: String
  var columns = 24

  func short(_ glyphs: Glyphs) -> String {
    "\(word) \(Truncation.middle(text, columns: columns, ellipsis: glyphs.ellipsis))"
  }
}

/// The content of the screen: a list or a page.
package enum Layer: Sendable {
  case list(any ListScreen)
  case page(any Page)
}
