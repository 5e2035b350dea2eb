import Core

/// The page of one thing, opened over a list or another page. A value: `read` fills it, and its lines depend on nothing else.
package protocol Page: Sendable {
  var document: Document { get set }
  var name: PageName { get }

  /// Reads the thing. While the screen is frozen it is called once.
  mutating func read(_ request: ReadRequest)
  /// Reads the texts of messages that are unfolded; called after `read`, also while frozen.
  mutating func readMessages(_ source: any ContentSource)
  /// For as many columns as the screen has.
  func lines(_ context: DrawContext) -> [PageLine]

  /// What `y` copies.
  var copied: String { get }
  /// The page of the saga that the thing belongs to; `nil` where there is none, and for a saga itself.
  var saga: SagaPage? { get }
  func subjects(of scope: ActionName.Scope) -> [ActionSubject]
}

extension Page {
  package mutating func readMessages(_ source: any ContentSource) {}
  package var saga: SagaPage? { nil }
  package func subjects(of scope: ActionName.Scope) -> [ActionSubject] { [] }

  package var title: String { "\(name.word) \(name.text)" }
}

/// "lock inventory:lock:1", with the columns that the name may take beside the tabs.
package struct PageName: Sendable {
  let word: String
  let text: String
  var columns = 24

  func short(_ glyphs: Glyphs) -> String {
    "\(word) \(Truncation.middle(text, columns: columns, ellipsis: glyphs.ellipsis))"
  }
}

/// What lies on the screen: a list, or a page.
package enum Layer: Sendable {
  case list(any ListScreen)
  case page(any Page)
}
