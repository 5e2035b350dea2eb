/// What an operator has to do before a plan is run; it grows with the harm that it may do. Each concern adds a word to what has to be
/// typed, and takes nothing away.
package struct ActionConfirmation: Sendable, Equatable {
  package enum Base: Sendable, Equatable {
    /// One thing: `y`.
    case yes
    /// A few: their number and a sample are shown, then `y`.
    case yesAfterSample(count: Int)
    /// Many, or a protected context: the number has to be typed.
    case typeCount(Int)
    /// A saga that has completed already: the last four characters of its id have to be typed.
    case typeEnding(String)
  }

  /// What the operator did.
  package enum Answer: Sendable, Equatable {
    case yes
    case typed(String)
    /// An option of the command line, and the text that it gives.
    case option(String, text: String?)

    var text: String? {
      switch self {
      case .yes: nil
      case .typed(let text): text
      case .option(_, let text): text
      }
    }

    /// For the record: "y", "typing `300`", "`--yes`".
    package var description: String {
      switch self {
      case .yes: "y"
      case .typed(let text): "typing `\(text)`"
      case .option(let option, _): "`\(option)`"
      }
    }
  }

  /// So many are confirmed with `y`; more by their number.
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

  /// What to type, for the line that asks for it: "300", "7f3a", "300 old picture". `nil` where `y` is enough.
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

  /// Where `y` is enough, the number of things is an answer too.
  package func isMet(by answer: Answer) -> Bool {
    if let typed { return answer.text == typed }
    switch (base, answer.text) {
    case (_, nil), (.yes, "1"): return true
    case (.yesAfterSample(let count), let text): return text == String(count)
    default: return false
    }
  }
}

/// What stands against a plan: it is run where the operator types its word, and the audit log keeps its sentence.
package enum ActionConcern: Sendable, Equatable {
  /// A source of events is not live, for this reason.
  case oldPicture(String)
  /// So many subjects have an action that was accepted and is still watched, or were redriven before.
  case again(Int)
  /// So many subjects have an action with an unknown outcome, whose key is left behind.
  case newKey(Int)
  /// The lock ends by itself, or its holder is at work.
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
