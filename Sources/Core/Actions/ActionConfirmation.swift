/// What an operator has to do before a plan is run; it grows with the harm that it may do.
package enum ActionConfirmation: Sendable, Equatable {
  /// One thing: `y`.
  case yes
  /// A few: their number and a sample are shown, then `y`.
  case yesAfterSample(count: Int)
  /// Many, or a protected context: the number has to be typed.
  case typeCount(Int)
  /// A saga that has completed already: the last four characters of its id have to be typed.
  case typeEnding(String)

  /// What is known is too old to act on: these words have to be typed.
  case typeWords(String)

  /// So many are confirmed with `y`; more by their number.
  package static let mostByYes = 20

  /// What the operator did.
  package enum Answer: Sendable, Equatable {
    case yes
    case typed(String)
  }

  package func isMet(by answer: Answer) -> Bool {
    switch (self, answer) {
    case (.yes, .yes), (.yesAfterSample, .yes): true
    case (.typeCount(let count), .typed(let text)): text == String(count)
    case (.yes, .typed(let text)): text == "1"
    case (.yesAfterSample(let count), .typed(let text)): text == String(count)
    case (.typeEnding(let ending), .typed(let text)): text == ending
    case (.typeWords(let words), .typed(let text)): text == words
    default: false
    }
  }

  /// What to type, for the line that asks for it; `nil` where `y` is enough.
  package var typed: String? {
    switch self {
    case .yes, .yesAfterSample: nil
    case .typeCount(let count): String(count)
    case .typeEnding(let ending): ending
    case .typeWords(let words): words
    }
  }
}
