/// The meaning of an event's name: "order-created", "OrderCreated" and "order.created" are the noun "order" and the verb "created".
package struct EventName: Hashable {
  /// The effect of an event of this name on the step that its noun names.
  package enum Meaning: String, Sendable {
    case begins
    case completes
    case fails
    case compensates
    /// Compensation is requested or in progress.
    case compensating
    case compensationFails
    /// It does not change the state of a step.
    case tells
    /// It stops something, intentionally or not.
    case halts
  }

  /// Whether the name indicates the end of the saga.
  enum Finality: Comparable {
    /// Other events are expected to follow.
    case prepared
    case acted
    case final
  }

  /// All words in lowercase; names with the same words are equal.
  let words: [String]
  /// In lowercase, joined by hyphens; empty if the name is only a verb.
  package let noun: String
  let verb: String
  /// `nil` if no word is known.
  package let meaning: Meaning?
  let finality: Finality
  /// It requests an action.
  package let isCommand: Bool
  /// Something finished begins again.
  let isRestart: Bool

  package init(_ name: String, vocabulary: Vocabulary = .standard) { self.init(name, dropping: 0, vocabulary) }

  /// Skips the first `count` words, which are common to all names.
  init(_ name: String, dropping count: Int, _ vocabulary: Vocabulary) {
    let words = NameWords.split(name)
    self.init(
      vocabulary.joining(Self.cleaned(Array(words.dropFirst(count)))), given: vocabulary.given(name), vocabulary)
  }

  private init(_ words: [String], given: Vocabulary.WordClass?, _ vocabulary: Vocabulary) {
    var reading = NameReading(words, vocabulary)
    reading.read()
    if let given { reading.take(given) }
    self.words = words
    noun = reading.subject.joined(separator: "-")
    verb = reading.verb
    meaning = reading.meaning
    finality = reading.finality
    isCommand = reading.isCommand
    isRestart = reading.isRestart
  }

  /// A type whose messages have a separate outcome field. A value that is not an outcome, such as "PENDING" of a request, does not change
  /// the type's own meaning.
  init(_ name: String, outcome: String, dropping count: Int = 0, _ vocabulary: Vocabulary = .standard) {
    let (base, value) = (EventName(name, dropping: count, vocabulary), EventName(outcome, vocabulary: vocabulary))
    let isTold = [.completes, .fails, .compensates, .compensating, .compensationFails].contains(value.meaning)
    let isOpen = base.meaning == nil || base.meaning == .tells || base.meaning == .begins
    let given = vocabulary.given("\(name) \(outcome)")
    let whole = isTold || isOpen || given != nil ? EventName(base.words + value.words, given: given, vocabulary) : base
    let isState = base.meaning == nil || base.meaning == .tells
    words = base.words + value.words
    if isTold, !base.isCommand {
      (noun, verb) = (isState ? base.nounOfState : base.noun, value.words.joined(separator: "-"))
    } else {
      (noun, verb) = (whole.noun, whole.verb)
    }
    meaning = isState && given == nil ? value.meaning ?? base.meaning : whole.meaning
    finality = whole.finality
    isCommand = false
    isRestart = value.isRestart || base.isRestart
  }

  /// The name of a dead letter of this event.
  func deadLetter(_ vocabulary: Vocabulary) -> EventName { EventName(words + ["deadletter"], given: nil, vocabulary) }

  /// Whether this is the dead letter of `other`.
  func isDeadLetter(of other: EventName) -> Bool { isDeadLetter && other.words == Array(words.dropLast()) }

  /// "order" for "OrderStatusChanged" and "order.reply".
  private var nounOfState: String {
    let carriers: Set<String> = [
      "status", "state", "changed", "updated", "reply", "response", "result", "end", "change", "update",
    ]
    let words = words.filter { !carriers.contains($0) }
    return words.joined(separator: "-")
  }

  package static func == (left: Self, right: Self) -> Bool { left.words == right.words }
  package func hash(into hasher: inout Hasher) { hasher.combine(words) }

  /// The last word is a past participle.
  var isPast: Bool { words.last.flatMap { Vocabulary.standard[$0] }?.form == .past }

  /// The meaning is known, or the last word is a verb in the past tense.
  var isEventLike: Bool {
    if words.count == 1, isCommand { return false }
    return meaning != nil || (verb.count > 4 && verb.hasSuffix("ed"))
  }

  /// The verb may be a compensation, or the regular end of something lent or held.
  var isReturn: Bool {
    ["released", "returned", "refunded", "restored", "unlocked", "freed", "unblocked", "release", "return"].contains(
      verb)
  }

  var isTimeout: Bool { ["timeout", "timedout", "expired", "timeouted"].contains(verb) }

  /// The act, for a name that is only a verb: "payment" for "Paid".
  var act: String {
    let base = Vocabulary.standard[verb].flatMap { $0.form == .past ? $0.base : nil }
    return base.flatMap { Self.acts[$0] } ?? verb
  }

  private static let acts = [
    "pay": "payment", "deliver": "delivery", "ship": "shipment", "reserve": "reservation", "book": "booking",
    "approve": "approval", "confirm": "confirmation", "authorize": "authorization", "validate": "validation",
    "allocate": "allocation", "register": "registration", "activate": "activation", "verify": "verification",
  ]

  /// The topic or message is a dead letter; it is not a step.
  var isDeadLetter: Bool {
    ["dlt", "dlq", "deadletter", "deadletters"].contains(verb) || (words.suffix(2).joined() == "deadletter")
  }

  /// The noun without words for compensation: "payment" for "payment-compensation-failed".
  var subject: String {
    let words = noun.split(separator: "-").filter { !Self.undoings.contains($0) }
    return words.joined(separator: "-")
  }

  /// It is about the saga, not about a step: "saga-started", "order-workflow-completed".
  var isOfTheWhole: Bool {
    let words = noun.split(separator: "-").map(String.init)
    guard let last = words.last, let first = words.first else { return Self.verbsOfTheWhole.contains(verb) }
    return Self.wholes.contains(last) || (Self.wholes.contains(first) && !Self.parts.contains(last))
  }

  private static let wholes: Set<String> = [
    "saga", "workflow", "process", "orchestration", "transaction", "flow", "compensation", "lra", "execution", "finish",
    "journey",
    "pipeline",
  ]
  private static let parts: Set<String> = [
    "step", "task", "activity", "participant", "stage", "action", "command", "timer",
  ]
  private static let verbsOfTheWhole: Set<String> = [
    "started", "begun", "initiated", "completed", "finished", "succeeded", "failed", "terminated", "aborted",
    "cancelled",
    "canceled", "compensated", "compensating", "timedout", "retried", "restarted", "resumed", "success", "failure",
    "ended",
    "rolledback", "running", "closed", "errored", "error", "rerun",
  ]
  private static let undoings: Set<Substring> = [
    "compensation", "compensate", "rollback", "refund", "release", "cancel", "cancellation", "reversal", "undo", "void",
    "revert",
  ]

  private static func cleaned(_ words: [String]) -> [String] {
    var words = words
    while words.count > 1, let last = words.last, endings.contains(last) || isVersion(last) { words.removeLast() }
    while words.count > 2, let first = words.first, endings.contains(first) { words.removeFirst() }
    return words
  }

  private static let endings: Set<String> = [
    "event", "events", "message", "msg", "notification", "integration", "evt", "dto", "payload", "topic", "record",
  ]

  private static func isVersion(_ word: String) -> Bool {
    word.allSatisfy(\.isNumber) || (word.first == "v" && word.count > 1 && word.dropFirst().allSatisfy(\.isNumber))
  }
}

/// The words of a name in any notation: camel, kebab, snake, SCREAMING, dotted, a JVM or .NET class, a URN.
enum NameWords {
  /// In lowercase. "timed out", "rolled back" and similar become one word.
  static func split(_ name: String) -> [String] {
    // A comma precedes the .NET assembly, a semicolon the next type of a list.
    let name = name.prefix { !",;`<".contains($0) }
    var parts = name.split { ".$:/+".contains($0) }
    var versions: [Substring] = []
    while parts.count > 1, let last = parts.last, last.first == "v", last.dropFirst().allSatisfy(\.isNumber) {
      versions.append(parts.removeLast())
    }
    guard let last = parts.last else { return [] }
    let isClass =
      parts.count > 1 && last.first?.isUppercase == true && last.contains(where: \.isLowercase) && !last.contains(" ")
    guard isClass else { return joined(parts.flatMap(words)) }
    let words = words(last)
    return joined(words.count > 1 ? words : parts.suffix(2).flatMap(Self.words))
  }

  /// Splits at punctuation, from lowercase to uppercase, and before the last capital of an acronym.
  private static func words(_ text: Substring) -> [String] {
    let letters = Array(text)
    var words: [String] = []
    var word = ""
    for (place, letter) in letters.enumerated() {
      let isSign = !(letter.isLetter || letter.isNumber)
      let wasSmall = place > 0 && (letters[place - 1].isLowercase || letters[place - 1].isNumber)
      let endsAcronym =
        place > 0 && letters[place - 1].isUppercase && place + 1 < letters.count && letters[place + 1].isLowercase
      if isSign || (letter.isUppercase && (wasSmall || endsAcronym)) {
        if !word.isEmpty { words.append(word) }
        word = ""
      }
      if !isSign { word += letter.lowercased() }
    }
    return word.isEmpty ? words : words + [word]
  }

  private static func joined(_ words: [String]) -> [String] {
    var result: [String] = []
    var place = 0
    while place < words.count {
      let length =
        [3, 2].first { place + $0 <= words.count && phrases.contains(words[place..<place + $0].joined()) } ?? 1
      result.append(words[place..<place + length].joined())
      place += length
    }
    return result
  }

  private static let phrases: Set<String> = [
    "timedout", "timeout", "rolledback", "rollback", "calledoff", "backedout", "checkedout", "checkedin", "signedup",
    "setup",
    "handedover", "pickedup", "droppedoff", "loggedin", "loggedout", "paidout", "paidback", "chargedback", "chargeback",
    "soldout",
    "outofstock", "writtenoff", "shutdown", "optedin", "optedout", "putback", "gaveup", "givenup", "turneddown",
    "ranout",
    "fellthrough", "wentthrough", "notfound", "inprogress", "intransit", "onhold", "outfordelivery", "noshow",
    "pastdue",
    "deadletter", "deadletters", "rollingback", "backoff", "enattente", "inattesa", "entransito", "emtransito",
    "entransit", "enespera", "emespera", "inprocess",
    "sentback", "takenback", "login", "logout",
  ]
}
