/// What an operator must enter before a plan is run. The effort grows with the possible harm: each concern adds a word to type and removes
/// nothing.
package struct ActionConfirmation: Sendable, Equatable {
  package enum Base: Sendable, Equatable {
    /// One item: `y`.
    case yes
    /// Up to `mostByYes` items: their number and a sample are shown, then `y`.
    case yesAfterSample(count: Int)
    /// More items, or a protected context: the number must be typed.
    case typeCount(Int)
    /// A saga that has already completed: the last four characters of its id must be typed.
    case typeEnding(String)
  }

  /// The operator's response.
  package enum Answer: Sendable, Equatable {
    case yes
    case typed(String)
    /// A command-line option and its text.
    case option(String, text: String?)

    var text: String? {
      switch self {
      case .yes: nil
      case .typed(let text): text
      case .option(_, let text): text
      }
    }

    /// For the audit log: "y", "typing `300`", "`--yes`".
    package var description: String {
      switch self {
      case .yes: "y"
      case .typed(let text): "typing `\(text)`"
      case .option(let option, _): "`\(option)`"
      }
    }
  }

  /// Up to this number of items is confirmed with `y`; above it the number must be typed.
  package static let mostByYes = 20

  package var base: Base
  package var concerns: [ActionConcern]

  package init(_ base: Base, concerns: [ActionConcern] = []) {
    self.base = base
    self.concerns = concerns
  }

  package static let yes = ActionConfirmation(.yes)
  package static func yesAfterSample(count: Int) -> ActionConfirmation { .init(.yesAfterSample(count: count)) }
  package static func typeCount(_ count: Int) -> ActionConfirmation { .init(.typeCount(count)) }
  package static func typeEnding(_ ending: String) -> ActionConfirmation { .init(.typeEnding(ending)) }

  /// The text to type, for the prompt: "300", "7f3a", "300 old picture". `nil` if `y` is enough.
  package var typed: String? {
    let words = [typedBase].compactMap { $0 } + concerns.map(\.word)
    return words.isEmpty ? nil : words.joined(separator: " ")
  }

  private var typedBase: String? {
    switch base {
    case .yes, .yesAfterSample: nil
    case .typeCount(let count): String(count)
    case .typeEnding(let ending): ending
    }
  }

  /// If `y` is enough, the number of items is accepted too.
  package func isMet(by answer: Answer) -> Bool {
    if let typed { return answer.text == typed }
    switch (base, answer.text) {
    case (_, nil), (.yes, "1"): return true
    case (.yesAfterSample(let count), let text): return text == String(count)
    default: return false
    }
  }
}

/// A risk of a plan. The plan runs only if the operator types its word; the audit log stores its sentence.
package enum ActionConcern: Sendable, Equatable {
  /// An event source is not live; the value is the reason.
  case oldPicture(String)
  /// Number of subjects with an accepted action that is still being watched, or that were redriven before.
  case again(Int)
  /// Number of subjects with an action that has an unknown outcome; its idempotency key is abandoned.
  case newKey(Int)
  /// The lock expires by itself, or its holder is active.
  case heldLock(String)

  package var word: String {
    switch self {
    case .oldPicture: "old picture"
    case .again: "again"
    case .newKey: "new key"
    case .heldLock: "held"
    }
  }

  package var sentence: String {
    switch self {
    case .oldPicture(let reason): "\(reason): what is shown may be over"
    case .again(let count): "\(count) had it done already, and may have it done twice"
    case .newKey(let count): "\(count) may have been done with a key that is left behind: they may be done twice"
    case .heldLock(let reason): reason
    }
  }
}
