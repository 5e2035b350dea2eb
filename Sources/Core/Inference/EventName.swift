/// What an event's name alone tells: "order-created", "OrderCreated" and "order.created" are the noun "order" and the verb "created".
package struct EventName: Hashable {
  /// What an event of this name does to the step that its noun names.
  package enum Meaning: String, Sendable {
    case begins
    case completes
    case fails
    case compensates
    /// The roll-back is asked for, or goes on.
    case compensating
    case compensationFails
    /// It tells something that does not change where a step stands.
    case tells
    /// It stops something, which may be meant or not.
    case halts
  }

  /// How much the name says of the end of the whole.
  enum Finality: Comparable {
    /// Others are expected to follow.
    case prepared
    case acted
    case final
  }

  /// All words, in small letters; names of the same words are one name.
  let words: [String]
  /// In small letters, joined by hyphens; empty where the name is a verb alone.
  package let noun: String
  let verb: String
  /// `nil` where no word of it is known.
  package let meaning: Meaning?
  let finality: Finality
  /// It asks for something to be done.
  package let isCommand: Bool
  /// What was over is begun again.
  let isRestart: Bool

  package init(_ name: String, vocabulary: Vocabulary = .standard) { self.init(name, dropping: 0, vocabulary) }

  /// Without its first words, where those are all names'.
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

  /// A type whose messages say in a field of their own how it went. A value that says nothing of that, as "PENDING" does of a request,
  /// leaves the type's own meaning.
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

  /// Of a message of this name that could not be handled.
  func deadLetter(_ vocabulary: Vocabulary) -> EventName { EventName(words + ["deadletter"], given: nil, vocabulary) }

  /// What could not be handled is of this name.
  func isDeadLetter(of other: EventName) -> Bool { isDeadLetter && other.words == Array(words.dropLast()) }

  /// "order" of "OrderStatusChanged" and of "order.reply".
  private var nounOfState: String {
    let carriers: Set<String> = [
      "status", "state", "changed", "updated", "reply", "response", "result", "end", "change", "update",
    ]
    let words = words.filter { !carriers.contains($0) }
    return words.joined(separator: "-")
  }

  package static func == (left: Self, right: Self) -> Bool { left.words == right.words }
  package func hash(into hasher: inout Hasher) { hasher.combine(words) }

  /// It is named as events are: its meaning is known, or its last word is a verb in the past.
  var isEventLike: Bool {
    if words.count == 1, isCommand { return false }
    return meaning != nil || (verb.count > 4 && verb.hasSuffix("ed"))
  }

  /// Its word may tell of an undoing, and as well of what is lent or held for a time.
  var isReturn: Bool {
    ["released", "returned", "refunded", "restored", "unlocked", "freed", "unblocked", "release", "return"].contains(
      verb)
  }

  var isTimeout: Bool { ["timeout", "timedout", "expired", "timeouted"].contains(verb) }

  /// What was done, where the name is a verb alone: the payment of "Paid".
  var act: String {
    let base = Vocabulary.standard[verb].flatMap { $0.form == .past ? $0.base : nil }
    return base.flatMap { Self.acts[$0] } ?? verb
  }

  private static let acts = [
    "pay": "payment", "deliver": "delivery", "ship": "shipment", "reserve": "reservation", "book": "booking",
    "approve": "approval", "confirm": "confirmation", "authorize": "authorization", "validate": "validation",
    "allocate": "allocation", "register": "registration", "activate": "activation", "verify": "verification",
  ]

  /// What could not be handled is put aside there; it is no step of anything.
  var isDeadLetter: Bool {
    ["dlt", "dlq", "deadletter", "deadletters"].contains(verb) || (words.suffix(2).joined() == "deadletter")
  }

  /// The noun without the word for the roll-back: "payment" of "payment-compensation-failed".
  var subject: String {
    let words = noun.split(separator: "-").filter { !Self.undoings.contains($0) }
    return words.joined(separator: "-")
  }

  /// It tells of the saga and not of a step: "saga-started", "order-workflow-completed".
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

/// The words of a name, whichever way it is written: camel, kebab, snake, SCREAMING, dotted, a JVM's or .NET's class, a URN.
enum NameWords {
  /// In small letters. "timed out", "rolled back" and their like become one word.
  static func split(_ name: String) -> [String] {
    // Behind a comma .NET's assembly is named, behind a semicolon the next of a list of types.
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

  /// Parts at signs, where small letters turn to capitals, and before the last capital of an acronym.
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
