/// Parses a name's words into the subject and its outcome.
struct NameReading {
  private let vocabulary: Vocabulary
  private var rest: [String]
  /// Words after a preposition indicate a failure: "with-errors", "due-to-timeout".
  private var isMarred = false
  private(set) var subject: [String] = []
  private(set) var verb = ""
  private(set) var meaning: EventName.Meaning?
  private(set) var finality = EventName.Finality.acted
  private(set) var isCommand = false
  private(set) var isRestart = false

  init(_ words: [String], _ vocabulary: Vocabulary) {
    self.vocabulary = vocabulary
    rest = words
  }

  mutating func read() {
    while rest.count > 1, let last = rest.last, Self.carriers.contains(last) {
      if Self.commands.contains(last) { isCommand = true }
      rest.removeLast()
      // A reply without an outcome has no meaning.
      if !Self.commands.contains(last), Self.verdict(rest, vocabulary) == nil { return leaveUnknown(last) }
    }
    if let place = transition { return readState(from: place) }
    if let place = negation { return readNegation(at: place) }
    if let place = intention { return readIntention(at: place) }
    cutBehindPreposition()
    readOrder()
    trimSubject()
  }

  /// Applies the configured meaning of the name.
  mutating func take(_ kind: Vocabulary.WordClass) { (meaning, finality) = Self.meaning(of: kind) }

  private mutating func leaveUnknown(_ last: String) { (verb, subject) = (last, rest) }

  /// "StatusChangedToShipped", "state moved to paid", "marked as lost": the following words are the new state.
  private var transition: Int? {
    rest.indices.dropFirst(2).first { place in
      switch rest[place - 1] {
      case "to":
        ["changed", "updated", "moved", "transitioned", "set", "change", "turned", "switched", "advanced"].contains(
          rest[place - 2])
      case "as": ["marked", "flagged", "classified", "declared", "registered", "recorded"].contains(rest[place - 2])
      default: false
      }
    }
  }

  private mutating func readState(from place: Int) {
    let before = Array(rest[..<(place - 2)])
    rest = Array(rest[place...])
    readOrder()
    if subject.isEmpty { subject = before }
    trimSubject()
    // A new state is not a command.
    isCommand = false
  }

  /// "not-paid", "nichtBezahlt", "un-paid".
  private var negation: Int? {
    rest.indices.first { place in
      let word = Vocabulary.plain(rest[place])
      if Self.negations.contains(word) { return true }
      guard Self.prefixes.contains(word), place + 1 < rest.count else { return false }
      return vocabulary[rest[place + 1]].map { $0.form == .past || $0.form == .state } ?? false
    }
  }

  /// Words after an outcome, as in "CancelledBeforeShipped", only give the time.
  private var intention: Int? {
    guard let place = rest.dropLast().firstIndex(where: Self.modals.contains) else { return nil }
    let isBehindOutcome = rest[..<place].contains { vocabulary[$0].map { $0.form == .past } ?? false }
    return isBehindOutcome ? nil : place
  }

  /// "OrderToBeShipped", "WillBePaid", "AwaitPaymentConfirmed": nothing has happened yet.
  private mutating func readIntention(at place: Int) {
    let words = Array(rest[(place + 1)...])
    verb = words.last ?? ""
    subject = Array(rest[..<place]) + words.dropLast().filter { !Self.noise.contains($0) && $0 != "be" }
    (meaning, finality) = (.begins, .prepared)
    let acts = words.compactMap { vocabulary[$0] }
    if acts.contains(where: { $0.kind == .undone }) { meaning = .compensating }
    if acts.contains(where: { $0.kind == .failed || $0.kind == .halted }) { meaning = nil }
  }

  private mutating func readNegation(at place: Int) {
    let (before, after) = (Array(rest[..<place]), Array(rest[(place + 1)...]))
    verb = rest[place...].joined(separator: "-")
    subject = before.isEmpty ? after.filter { vocabulary[$0] == nil } : before
    meaning =
      after.contains(where: isHarmlessWhereDenied) || ["none", "nothing"].contains(rest.joined()) ? nil : .fails
  }

  /// The negation of a compensation, failure, request or start is not a failure.
  private func isHarmlessWhereDenied(_ word: String) -> Bool {
    if Self.optional.contains(word) { return true }
    return vocabulary[word].map { [.undone, .failed, .asked, .begun, .told, .halted].contains($0.kind) } ?? false
  }

  /// "RejectedDueToStock", "AccountCreditedForTransfer": the words after the preposition are a reason or purpose.
  private mutating func cutBehindPreposition() {
    guard
      let place = rest.indices.dropFirst().first(where: { place in
        Self.prepositions.contains(rest[place])
          && rest[..<place].contains { vocabulary[$0].map { $0.form == .past || $0.form == .state } ?? false }
      })
    else { return }
    let isTrouble = rest[(place + 1)...].contains { word in
      Self.troubles.contains(word)
        || vocabulary[word].map { [.failed, .undone].contains($0.kind) && ($0.form == .past || $0.form == .state) }
          ?? false
    }
    isMarred = isTrouble != Self.without.contains(rest[place])
    rest = Array(rest[..<place])
  }

  private mutating func readOrder() {
    guard var last = rest.last else { return }
    // "create-complete" means "completed"; "complete-order" is a command.
    if last == "complete" {
      last = "completed"
      rest[rest.count - 1] = last
    }
    let first = rest.count > 1 ? rest.first.flatMap { vocabulary[$0] } : nil
    let isOrder = first?.form == .base || (rest.count > 1 && Self.orderly.contains(rest[0]))
    if let first = fallen { return readFallen(first) }
    if rest.count > 1, let word = vocabulary[rest[0]], word.kind == .asked, word.form != .base, !isFallen(last) {
      (verb, subject, meaning, finality) = (rest[0], Array(rest.dropFirst()), .begins, .prepared)
      return
    }
    if let word = vocabulary[last], isOutcome(word, behindOrder: isOrder) { return readOutcome(word, last) }
    if isOrder, let word = first ?? Self.base(rest[0], vocabulary) {
      return readOrder(word, rest[0], Array(rest.dropFirst()))
    }
    if let word = vocabulary[last] ?? (rest.count > 1 ? Self.base(last, vocabulary) : nil) {
      return readOrder(word, last, Array(rest.dropLast()))
    }
    (verb, subject) = (last, Array(rest.dropLast()))
    // "FailedDeliveryAttempt": a failure or compensation counts at any position.
    let place = rest.firstIndex { act in
      vocabulary[act].map { ($0.kind == .failed || $0.kind == .undone) && $0.form != .ongoing } ?? false
    }
    guard let place else { return }
    (verb, subject) = (rest[place], rest.enumerated().filter { $0.offset != place }.map(\.element))
    meaning = vocabulary[rest[place]]?.kind == .failed ? .fails : .compensates
  }

  /// "FailedScheduling", "SuccessfulCreate": the first word is the outcome of the act that the others name.
  private var fallen: Vocabulary.Word? {
    guard rest.count > 1, let first = vocabulary[rest[0]], let last = rest.last.flatMap({ vocabulary[$0] }) else {
      return nil
    }
    let isVerdict =
      first.form == .past ? [.failed, .undone].contains(first.kind) : first.form == .state && first.kind == .done
    let isOpen = last.form == .base || last.form == .ongoing || [.begun, .asked].contains(last.kind)
    return isVerdict && isOpen ? first : nil
  }

  private mutating func readFallen(_ first: Vocabulary.Word) {
    (verb, subject) = (rest[0], Array(rest.dropFirst()))
    (meaning, finality) = Self.meaning(of: first.kind)
    if first.kind == .done { finality = .acted }
  }

  private func isFallen(_ last: String) -> Bool {
    vocabulary[last].map { [.failed, .undone].contains($0.kind) && ($0.form == .past || $0.form == .state) } ?? false
  }

  /// "payment-fail" and "order-cancel" mean the same as "payment-failed" and "order-cancelled".
  private func isOutcome(_ word: Vocabulary.Word, behindOrder: Bool) -> Bool {
    switch word.form {
    case .past, .state: true
    case .ongoing: !behindOrder || vocabulary[rest[0]]?.form != .base
    case .base: rest.count > 1 && (word.kind == .failed || word.kind == .undone)
    }
  }

  private mutating func readOrder(_ word: Vocabulary.Word, _ written: String, _ thing: [String]) {
    (verb, subject) = (written, thing)
    removeOrders()
    isCommand = true
    finality = word.kind == .done ? .final : .acted
    isRestart = word.kind == .restarted
    switch word.kind {
    case .undone: meaning = .compensates
    case .failed: meaning = .fails
    case .halted: meaning = .halts
    case .told: meaning = .tells
    case .done, .acted, .prepared, .asked, .begun, .restarted: meaning = .begins
    }
  }

  private mutating func readOutcome(_ word: Vocabulary.Word, _ written: String) {
    verb = written
    subject = Array(rest.dropLast())
    isRestart = word.kind == .restarted
    (meaning, finality) = word.form == .ongoing ? Self.ongoing(word.kind) : Self.meaning(of: word.kind)
    let isVerdict = word.form != .past || [.done, .failed, .asked, .begun].contains(word.kind)
    if let act = subject.last(where: { !Self.noise.contains($0) && !Self.requests.contains($0) }).flatMap({ act($0) }) {
      let reports = isVerdict || Self.reporting.contains(word.base)
      if act.kind == .undone, reports { return meaning = ofUndoing(word) }
      if act.kind == .failed, word.kind != .undone { return meaning = ofFailure(word) }
    } else if isVerdict, subject.count > 1, let act = firstAct {
      removeOrders()
      if act.kind == .undone { return meaning = ofUndoing(word) }
      if act.kind == .failed { return meaning = ofFailure(word) }
    }
    weaken(word)
  }

  /// "CancelCreateTicket" is about the ticket; "Authorize" has no other subject.
  private mutating func removeOrders() {
    while subject.count > 1, let word = subject.first, vocabulary[word]?.form == .base || Self.orderly.contains(word),
      !Self.carriers.contains(subject[1])
    { subject.removeFirst() }
  }

  /// "ErrorResolved" is not a failure.
  private func ofFailure(_ word: Vocabulary.Word) -> EventName.Meaning {
    word.kind == .done && word.form == .past ? .tells : .fails
  }

  /// "PartiallyShipped" is not shipped, and "CompletedWithErrors" may not be completed.
  private mutating func weaken(_ word: Vocabulary.Word) {
    if rest.contains(where: Self.partly.contains) { (meaning, finality) = (.halts, .prepared) }
    if meaning == .completes, rest.contains(where: Self.provisionally.contains) { finality = .prepared }
    // "held" without an object may mean that the saga is on hold.
    if word.base == "hold", subject.isEmpty { (meaning, finality) = (.halts, .prepared) }
    if isMarred, meaning == .completes { (meaning, finality) = (.halts, .prepared) }
  }

  private func act(_ word: String) -> Vocabulary.Word? {
    vocabulary[word].flatMap { [.undone, .failed].contains($0.kind) && $0.form != .past ? $0 : nil }
  }

  private var firstAct: Vocabulary.Word? {
    subject.first.flatMap { word in
      vocabulary[word].flatMap { $0.form == .base || $0.kind == .undone ? $0 : nil } ?? Self.base(word, vocabulary)
    }
  }

  /// The outcome of the compensation that the preceding words name.
  private func ofUndoing(_ word: Vocabulary.Word) -> EventName.Meaning? {
    switch word.kind {
    // A refused compensation changes nothing.
    case .failed where ["reject", "decline", "deny", "refuse", "rejection", "denial", "refusal"].contains(word.base):
      nil
    case .failed: .compensationFails
    case .done, .acted: word.form == .ongoing ? .compensating : .compensates
    case .asked, .begun, .restarted, .prepared: .compensating
    case .undone: word.form == .past ? nil : .compensates
    case .halted, .told: nil
    }
  }

  private static func meaning(of kind: Vocabulary.WordClass) -> (EventName.Meaning, EventName.Finality) {
    switch kind {
    case .done: (.completes, .final)
    case .acted: (.completes, .acted)
    case .prepared: (.completes, .prepared)
    case .asked, .begun, .restarted: (.begins, .prepared)
    case .failed: (.fails, .final)
    case .undone: (.compensates, .final)
    case .halted: (.halts, .prepared)
    case .told: (.tells, .prepared)
    }
  }

  private static func ongoing(_ kind: Vocabulary.WordClass) -> (EventName.Meaning?, EventName.Finality) {
    switch kind {
    case .undone: (.compensating, .prepared)
    case .failed: (nil, .prepared)
    case .halted: (.halts, .prepared)
    case .told: (.tells, .prepared)
    default: (.begins, .prepared)
    }
  }

  private mutating func trimSubject() {
    while let last = subject.last, Self.carriers.contains(last) || Self.noise.contains(last) {
      subject.removeLast()
    }
    while subject.count > 1, let first = subject.first, Self.noise.contains(first) { subject.removeFirst() }
  }

  /// The outcome at the end of a reply's name; `nil` if there is none.
  private static func verdict(_ words: [String], _ vocabulary: Vocabulary) -> Vocabulary.Word? {
    words.last.flatMap { vocabulary[$0] }.flatMap { $0.form == .past || $0.form == .state ? $0 : nil }
  }

  private static func base(_ word: String, _ vocabulary: Vocabulary) -> Vocabulary.Word? {
    guard orderly.contains(word) else { return nil }
    let kind: Vocabulary.WordClass =
      switch word {
      case "refund", "release", "return", "void": .undone
      case "start": .begun
      case "request", "schedule", "queue": .asked
      case "lock", "hold", "check", "place", "review", "block", "quote": .prepared
      default: .acted
      }
    return Vocabulary.Word(kind: kind, form: .base, base: word)
  }

  private static let commands: Set<String> = ["command", "commands", "cmd"]
  private static let carriers: Set<String> = [
    "command", "commands", "cmd", "reply", "replies", "response", "result", "results", "answer",
  ]
  private static let noise: Set<String> = [
    "status", "state", "changed", "updated", "event", "events", "reply", "response", "result", "outcome", "end",
    "topic", "has", "been",
    "was", "is", "to", "the", "service",
  ]
  /// In the languages of the vocabulary, without diacritics.
  private static let negations: Set<String> = [
    "not", "never", "cannot", "cant", "couldnt", "couldnot", "didnt", "doesnt", "isnt", "wasnt", "wont", "hasnt",
    "dont", "neither", "nor", "none", "nothing", "unable", "impossible", "no", "notfound", "insufficient", "nicht",
    "nichts", "kein", "keine", "keiner", "keinen", "keinem", "keines", "nie", "niemals", "weder", "noch", "nao",
    "nunca", "jamais", "nenhum", "nenhuma", "ningun", "ninguna", "ninguno", "tampoco", "nem", "non", "mai", "nessun",
    "nessuna", "nessuno", "ne", "pas", "aucun", "aucune", "niet", "geen", "nooit",
  ]
  /// Their negation is not a failure, because they are optional.
  private static let optional: Set<String> = ["applicable", "needed", "necessary", "reviewed", "required"]
  private static let requests: Set<String> = ["request", "requests"]
  private static let troubles: Set<String> = [
    "issues", "issue", "violations", "problems", "problem", "exceptions", "conflicts", "damage", "damages", "change",
    "changes", "remarks", "discrepancies", "discrepancy", "differences", "difference", "loss", "losses", "fehlern",
    "errores", "erros", "erreurs", "errori", "fouten", "failures",
  ]
  /// Negate the next word if it is an outcome.
  private static let prefixes: Set<String> = ["un", "non", "dis"]
  private static let modals: Set<String> = [
    "will", "shall", "should", "must", "may", "might", "could", "would", "can", "tobe", "be", "await", "expect",
    "ensure", "if", "unless", "before", "when", "whether",
  ]
  private static let partly: Set<String> = [
    "partially", "partial", "partly", "part", "half", "almost", "nearly", "incompletely", "teilweise", "parcialmente",
    "parcial",
    "partiellement", "partiel", "partielle", "parzialmente", "parziale", "gedeeltelijk", "deels",
  ]
  private static let provisionally: Set<String> = [
    "pre", "provisionally", "tentatively", "conditionally", "temporarily", "soft", "vorlaeufig", "provisoirement",
  ]
  private static let without: Set<String> = ["without", "ohne", "sin", "sem", "sans", "senza", "zonder"]
  private static let prepositions: Set<String> = [
    "by", "for", "from", "due", "because", "with", "at", "via", "after", "of", "to", "until", "without", "in", "on",
    "as", "against", "into", "per", "ohne", "sin", "sem", "sans", "senza", "zonder", "mit", "con", "com", "avec", "met",
    "wegen", "por", "durch", "par", "da", "door", "before", "when", "if", "unless", "whether", "while", "although",
  ]
  /// Nouns that are commands before or after an object: "lock-account", "payment.refund".
  private static let orderly: Set<String> = [
    "refund", "release", "return", "void", "start", "request", "schedule", "queue", "lock", "hold", "check", "place",
    "book",
    "charge", "capture", "purchase", "process", "debit", "credit", "transfer", "deposit", "review", "block", "quote",
    "handle", "run",
    "bill", "invoice", "copy", "store", "post", "sign", "link", "email",
  ]
  /// Verbs that report the outcome of another act.
  private static let reporting: Set<String> = [
    "approve", "process", "issue", "execute", "send", "receive", "perform", "handle", "record", "log", "detect",
    "raise", "occur",
    "happen", "trigger", "make", "create", "acknowledge", "report", "enter", "reach",
  ]
}
