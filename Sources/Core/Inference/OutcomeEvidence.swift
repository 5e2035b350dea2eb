/// Evidence of outcomes from fields other than the type: a status, a success flag, an error.
struct OutcomeEvidence {
  /// Types whose messages contradict their names.
  private(set) var shown: [Int: EventName.Meaning] = [:]
  /// Types whose names mean success, although some of their messages contain an error.
  private(set) var failing: [Int: Failing] = [:]

  /// Fields with errors; an error in any of them is a failure.
  struct Failing: Equatable {
    var members: [Member]

    struct Member: Equatable {
      var source: FieldSource
      /// Values that are not an error, such as a count of 0; empty if messages without an error lack the member.
      var fine: [String]
      /// For a member with an outcome: the values that mean failure.
      var bad: [String] = []
    }
  }

  private struct Tally {
    var events = 0
    var good = 0
    var bad = 0
    var undone = 0
    var errors = 0
    /// Events whose name has no meaning, but whose boolean member is true.
    var successes = 0
    /// Per set of fields with an error: the number of messages with an error in exactly these.
    var fields: [Set<Int>: Int] = [:]
    /// Values of such fields that are not an error.
    var fine: [Int: Set<Int>] = [:]
    /// Values of outcome fields that mean failure.
    var ill: [Int: Set<Int>] = [:]
  }

  init(_ samples: TypedSamples, _ vocabulary: Vocabulary) {
    let set = samples.set
    let outcomes = Set(set.fields.indices.filter { OutcomeFinder.isOutcome(set.fields[$0]) })
    let flags = Self.flags(set)
    let truths = Truths(samples, vocabulary)
    let errors = Set(set.fields.indices.filter { Self.isError(set.fields[$0]) || flags.contains($0) })
    guard !outcomes.isEmpty || !errors.isEmpty || !truths.isEmpty else { return }
    let constants = Self.constants(errors, samples)
    var tallies: [Int: Tally] = [:]
    var meanings: [[Int]: EventName.Meaning?] = [:]
    for event in samples.events {
      var tally = tallies[event.type] ?? Tally()
      tally.events += 1
      var (isGood, isBad, isUndone) = (false, false, false)
      var wrong: Set<Int> = []
      for cell in event.cells {
        if errors.contains(cell.field) {
          let isError = !Self.isNothing(set.values[cell.value]) && constants[cell.field] != cell.value
          if isError { wrong.insert(cell.field) } else { tally.fine[cell.field, default: []].insert(cell.value) }
        }
        if let isTrue = truths.value(of: cell, in: event.type) {
          if isTrue { tally.successes += 1 } else { wrong.insert(cell.field) }
          if !isTrue { tally.ill[cell.field, default: []].insert(cell.value) }
        }
        guard outcomes.contains(cell.field) else { continue }
        let place = [cell.field, cell.value]
        let meaning = meanings[place] ?? Self.meaning(of: cell, in: set, vocabulary)
        meanings[place] = .some(meaning)
        isGood = isGood || meaning == .completes
        isBad = isBad || meaning == .fails || meaning == .compensationFails
        isUndone = isUndone || meaning == .compensates
        if [.fails, .compensationFails, .compensates].contains(meaning) {
          wrong.insert(cell.field)
          tally.ill[cell.field, default: []].insert(cell.value)
        }
      }
      if isGood { tally.good += 1 }
      if isBad { tally.bad += 1 }
      if isUndone { tally.undone += 1 }
      if !wrong.isEmpty {
        tally.errors += 1
        tally.fields[wrong, default: 0] += 1
      }
      tallies[event.type] = tally
    }
    for (type, tally) in tallies {
      shown[type] = Self.meaning(tally, of: samples.types[type].name)
      let meaning = shown[type] ?? samples.types[type].name.meaning
      guard meaning == .completes || meaning == .halts || meaning == nil, tally.errors > 0 else { continue }
      failing[type] = Failing(
        members: Self.members(tally.fields, set).map { field in
          .init(
            source: set.fields[field], fine: (tally.fine[field] ?? []).map { set.values[$0] }.sorted(),
            bad: (tally.ill[field] ?? []).map { set.values[$0] }.sorted())
        })
    }
  }

  /// A small set of fields that covers all messages with an error, the most frequent first.
  private static func members(_ fields: [Set<Int>: Int], _ set: SampleSet) -> [Int] {
    var (rest, members): ([Set<Int>: Int], [Int]) = (fields, [])
    while !rest.isEmpty {
      var counts: [Int: Int] = [:]
      for (fields, count) in rest { for field in fields { counts[field, default: 0] += count } }
      let most = counts.min {
        ($1.value, FieldName.text(set.fields[$0.key])) < ($0.value, FieldName.text(set.fields[$1.key]))
      }
      guard let most else { return members }
      members.append(most.key)
      rest = rest.filter { !$0.key.contains(most.key) }
    }
    return members
  }

  private static func meaning(
    of cell: SampleSet.Cell, in set: SampleSet, _ vocabulary: Vocabulary
  ) -> EventName.Meaning? {
    EventName(OutcomeFinder.word(for: set.values[cell.value], in: set.fields[cell.field]), vocabulary: vocabulary)
      .meaning
  }

  /// By field: a value of most messages regardless of type, such as an `errorCode` of "E0000".
  private static func constants(_ errors: Set<Int>, _ samples: TypedSamples) -> [Int: Int] {
    var counts: [Int: [Int: Int]] = [:]
    for event in samples.events {
      for cell in event.cells where errors.contains(cell.field) {
        counts[cell.field, default: [:]][cell.value, default: 0] += 1
      }
    }
    return counts.compactMapValues { values in
      values.first { 10 * $0.value > 6 * samples.events.count && samples.events.count >= 10 }?.key
    }
  }

  /// Boolean fields such as `failed` and `cancelled`.
  private static func flags(_ set: SampleSet) -> Set<Int> {
    let named = set.fields.indices.filter { field in
      let name = FieldName.normalized(set.fields[field])
      return flagNames.contains(
        name.hasPrefix("is") || name.hasPrefix("was") ? String(name.dropFirst(name.hasPrefix("is") ? 2 : 3)) : name)
    }
    guard !named.isEmpty else { return [] }
    var flags = Set(named)
    for sample in set.samples {
      for cell in sample.cells where flags.contains(cell.field) {
        if !["true", "false", "0", "1"].contains(set.values[cell.value].lowercased()) { flags.remove(cell.field) }
      }
    }
    return flags
  }

  private static let flagNames: Set<String> = [
    "failed", "failure", "haserror", "haserrors", "hasfailed", "hasfailures", "aborted", "rejected", "declined",
    "cancelled", "canceled", "timedout", "expired", "refused", "denied", "voided", "rolledback", "compensated",
  ]

  /// Whether the name is one of a list of errors.
  static func isErrorList(_ name: String) -> Bool {
    ["errors", "failures", "exceptions", "faults", "problems", "violations"].contains(FieldName.normalized(name))
  }

  /// `nil` if the name's own meaning is unchanged.
  private static func meaning(_ tally: Tally, of name: EventName) -> EventName.Meaning? {
    func isMost(_ count: Int) -> Bool { 5 * count >= 4 * tally.events }
    let isOpen = name.meaning == nil || name.meaning == .tells || name.meaning == .halts
    guard isOpen || name.meaning == .completes else { return nil }
    if isMost(tally.bad) { return .fails }
    if isMost(tally.undone) { return .compensates }
    if isMost(tally.errors) { return isOpen ? .fails : .halts }
    if isOpen, tally.successes > 0, isMost(tally.successes + tally.errors) { return .completes }
    return name.meaning == nil && isMost(tally.good) && tally.bad == 0 ? .completes : nil
  }

  private static func isError(_ source: FieldSource) -> Bool {
    let name = FieldName.normalized(source)
    if case .path(let names) = source, names.count > 1 {
      let outer = names.dropLast().filter { $0 != "*" }.last ?? ""
      if names.last == "*", isErrorList(name) { return true }
      if names.contains("*"), isErrorList(outer) { return true }
      // A member of an object that exists only after an error.
      if objects.contains(FieldName.normalized(outer)), members.contains(name) { return true }
    }
    return ["error", "errormessage", "errorcode", "exception", "failure", "fault"].contains { name == $0 }
      || [
        "errormessage", "errorcode", "errorreason", "failurereason", "failurecode", "failuremessage",
        "exceptionmessage",
        "rejectionreason", "rejectreason", "declinereason", "declinecode", "faultcode", "errordescription",
        "reasonforincompletion", "errorcount", "errorscount", "failurecount", "failedcount", "faultcount",
        "rejectionreasons", "cancellationreason", "cancelreason", "declinedreason",
      ].contains(where: name.hasSuffix)
  }

  private static let objects: Set<String> = ["error", "exception", "fault", "failure", "problem", "err"]
  private static let members: Set<String> = [
    "code", "message", "type", "reason", "name", "description", "detail", "details", "title", "class", "text", "kind",
  ]

  /// Not an error: empty, zero, or a word such as "none".
  private static func isNothing(_ value: String) -> Bool {
    nothing.contains(FieldName.normalized(value)) || Double(value) == 0
  }

  private static let nothing: Set<String> = [
    "", "null", "none", "false", "no", "nil", "ok", "success", "noerror", "noerrors", "na", "undefined", "e0", "e00000",
    "successful", "nothing", "keine", "kein", "keiner", "ninguno", "aucun", "aucune", "nessuno", "geen", "nenhum",
  ]
}

/// Boolean members that report the act of their type: "reserved" for "SeatReserved", "paymentCompleted" for "BookingPayment". "paid" in
/// "OrderCreated" only reports the current progress.
private struct Truths {
  /// Fields per type.
  private var fields: [Int: Set<Int>] = [:]
  private let values: [String]

  var isEmpty: Bool { fields.isEmpty }

  init(_ samples: TypedSamples, _ vocabulary: Vocabulary) {
    values = samples.set.values
    let names = Self.names(samples.set, vocabulary)
    guard !names.isEmpty else { return }
    for event in samples.events {
      for cell in event.cells {
        guard let name = names[cell.field], Self.tells(name, samples.types[event.type].name) else { continue }
        fields[event.type, default: []].insert(cell.field)
      }
    }
  }

  /// `nil` if the field does not report the act of the type.
  func value(of cell: SampleSet.Cell, in type: Int) -> Bool? {
    guard fields[type]?.contains(cell.field) == true else { return nil }
    return values[cell.value] == "true"
  }

  private static func names(_ set: SampleSet, _ vocabulary: Vocabulary) -> [Int: EventName] {
    var names: [Int: EventName] = [:]
    for field in set.fields.indices where !OutcomeFinder.isOutcome(set.fields[field]) {
      guard case .path(let path) = set.fields[field], let last = path.last else { continue }
      let name = EventName(last, vocabulary: vocabulary)
      if name.meaning == .completes { names[field] = name }
    }
    for sample in set.samples {
      for cell in sample.cells where names[cell.field] != nil {
        if set.values[cell.value] != "true", set.values[cell.value] != "false" { names[cell.field] = nil }
      }
    }
    return names
  }

  private static func tells(_ truth: EventName, _ type: EventName) -> Bool {
    let isAct = type.words.contains { $0 == truth.act || $0.count > 4 && $0.prefix(5) == truth.verb.prefix(5) }
    let nouns = Set(truth.noun.split(separator: "-").map(String.init))
    let isOpen = type.meaning == nil || type.meaning == .tells || type.meaning == .begins
    return isAct && nouns.isSubset(of: type.words) || isOpen && !nouns.isEmpty && nouns.isSubset(of: type.words)
  }
}
