/// What an event's name alone tells: "order-created", "OrderCreated" and "order.created" are the noun "order" and the verb "created".
struct EventName: Hashable {
  /// What an event of this verb does to the step that its noun names.
  enum Meaning: Equatable {
    case begins
    case completes
    case fails
    case compensates
    case compensationFails
  }

  /// In small letters, joined by hyphens; empty where the name is a verb alone.
  let noun: String
  let verb: String

  init(_ name: String) {
    var words = Self.words(of: name)
    while words.count > 1, let last = words.last, Self.endings.contains(last) || Self.isVersion(last) {
      words.removeLast()
    }
    verb = words.popLast() ?? ""
    noun = words.joined(separator: "-")
  }

  /// The last word is a verb in the past, as events are named.
  var isEventLike: Bool {
    Self.meanings[verb] != nil || (verb.count > 3 && verb.hasSuffix("ed")) || Self.strong.contains(verb)
  }

  /// What could not be handled is put aside there; it is no step of anything.
  var isDeadLetter: Bool { Self.deadLetters.contains(verb) || (verb == "letter" && noun.hasSuffix("dead")) }

  var meaning: Meaning {
    if isDeadLetter { return .fails }
    if noun.hasSuffix("compensation") || noun.hasSuffix("rollback") {
      return verb == "failed" ? .compensationFails : Self.meanings[verb] == .begins ? .begins : .compensates
    }
    return Self.meanings[verb] ?? (isUndoing ? .compensates : .completes)
  }

  /// "unlocked" undoes what "locked" tells.
  private var isUndoing: Bool { verb.count > 6 && verb.hasPrefix("un") && verb.hasSuffix("ed") }

  /// The noun without the word for the roll-back: "payment" of "payment-compensation-failed".
  var subject: String {
    let words = noun.split(separator: "-").filter { $0 != "compensation" && $0 != "rollback" }
    return words.joined(separator: "-")
  }

  /// It tells of the saga and not of a step: "saga-started", "order-workflow-completed".
  var isOfTheWhole: Bool { noun.split(separator: "-").last.map { Self.wholes.contains(String($0)) } ?? false }

  private static let wholes: Set<String> = [
    "saga", "workflow", "process", "orchestration", "transaction", "flow", "compensation",
  ]

  private static let endings: Set<String> = ["event", "message", "notification", "success", "successfully"]

  private static let deadLetters: Set<String> = ["dlt", "dlq", "deadletter", "deadletters", "letters"]

  private static let strong: Set<String> = [
    "sent", "read", "begun", "done", "paid", "made", "lost", "won", "held", "built", "met", "left", "bought", "sold",
  ]

  private static let meanings: [String: Meaning] = {
    let lists: [(Meaning, [String])] = [
      (.begins, ["started", "begun", "initiated", "requested", "submitted", "dispatched", "queued", "scheduled"]),
      (
        .fails,
        ["failed", "rejected", "declined", "denied", "refused", "errored", "aborted", "expired", "timedout", "failure"]
      ),
      (
        .compensates,
        [
          "cancelled", "canceled", "released", "refunded", "compensated", "reverted", "reversed", "undone", "voided",
          "returned", "restored", "rolledback", "withdrawn",
        ]
      ),
    ]
    return Dictionary(
      lists.flatMap { meaning, verbs in verbs.map { ($0, meaning) } }, uniquingKeysWith: { first, _ in first })
  }()

  private static func isVersion(_ word: String) -> Bool {
    word.allSatisfy(\.isNumber) || (word.first == "v" && word.dropFirst().allSatisfy(\.isNumber))
  }

  /// Parts at signs and where small letters turn to capitals; of a name with dots or colons and capitals (a class's) only the last part.
  private static func words(of name: String) -> [String] {
    let parts = name.split { ".$:/+".contains($0) }
    let isClass = parts.count > 1 && parts[parts.count - 1].first?.isUppercase == true
    let text = isClass ? parts[parts.count - 1] : Substring(name)
    var words: [String] = []
    var word = ""
    var wasSmall = false
    for letter in text {
      let isSign = !(letter.isLetter || letter.isNumber)
      if isSign || (letter.isUppercase && wasSmall) {
        if !word.isEmpty { words.append(word) }
        word = ""
      }
      if !isSign { word += letter.lowercased() }
      wasSmall = letter.isLowercase || letter.isNumber
    }
    return word.isEmpty ? words : words + [word]
  }
}
