/// One thing that the doctor looked at.
package struct Finding: Sendable, Equatable {
  package enum State: String, Sendable, CaseIterable {
    case ok
    /// Good to know, and nothing to be done about.
    case note
    /// It works, but not as well as it might.
    case warning
    case failed
  }

  /// What it is about: `kafka`, `terminal`.
  package var area: String
  package var state: State
  package var text: String
  /// What would help; `nil` where nothing has to.
  package var advice: String?

  package init(_ area: String, _ state: State, _ text: String, advice: String? = nil) {
    self.area = area
    self.state = state
    self.text = text
    self.advice = advice
  }
}
