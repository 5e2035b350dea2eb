/// The types of sampled messages. Names with the same meaning, such as "OrderCreated" and "order.created", are one type.
struct EventTypes {
  private(set) var names: [String] = []
  /// Type index per name.
  private(set) var typeOfName: [Int] = []
  private(set) var types: [EventType] = []
  /// Name index per sample.
  private(set) var nameOfSample: [Int] = []
  private var numbers: [String: Int] = [:]
  /// The number of leading words that all names share, such as a system or namespace; they are ignored.
  private var common = 0

  /// The type comes from the first source present in a message, otherwise from the topic's name.
  init(of set: SampleSet, by sources: [TypeSource], vocabulary: Vocabulary = .standard) {
    let fields = sources.map { source in
      (
        field: source.field.map { set.fields.firstIndex(of: $0) ?? -1 },
        outcome: source.outcome.map { set.fields.firstIndex(of: $0) ?? -1 }
      )
    }
    let found = set.samples.map { Self.name(of: $0, in: set, fields) }
    let dead = set.topics.map(DeadLetterTopic.isName)
    common = Self.commonWords(Set(found.map(\.name)))
    for (one, sample) in zip(found, set.samples) {
      let topic = set.topics[sample.topic]
      let number = number(of: one, isDeadLetter: dead[sample.topic] && one.name != topic, vocabulary)
      nameOfSample.append(number)
      if types[typeOfName[number]].isDeadLetter { types[typeOfName[number]].topics.insert(topic) }
    }
  }

  private typealias Name = (name: String, outcome: String?, word: String?)

  /// Each name has at least two words left; 0 if fewer than four names are known.
  private static func commonWords(_ names: Set<String>) -> Int {
    let words = names.map(NameWords.split).filter { !$0.isEmpty }
    guard words.count >= 4, let first = words.first else { return 0 }
    let shortest = words.map(\.count).min() ?? 0
    let common =
      first.indices.first { place in place >= shortest - 1 || words.contains { $0[place] != first[place] } } ?? 0
    return max(0, min(common, shortest - 2))
  }

  private static func name(
    of sample: SampleSet.Sample, in set: SampleSet, _ sources: [(field: Int?, outcome: Int?)]
  ) -> Name {
    for source in sources {
      guard let name = source.field.map({ set.value(of: [$0], in: sample) }) ?? set.topics[sample.topic] else {
        continue
      }
      guard let outcome = source.outcome else { return (name, nil, nil) }
      if let value = set.value(of: [outcome], in: sample), !value.isEmpty {
        return (name, value, OutcomeFinder.word(for: value, in: set.fields[outcome]))
      }
    }
    return (set.topics[sample.topic], nil, nil)
  }

  /// `word` replaces an outcome that is a number. A dead letter has the original name, but its own type.
  private mutating func number(of name: Name, isDeadLetter: Bool, _ vocabulary: Vocabulary) -> Int {
    let written = name.outcome.map { "\(name.name) \($0)" } ?? name.name
    let key = isDeadLetter ? "\(written)\n" : written
    if let number = numbers[key] { return number }
    numbers[key] = names.count
    var meaning =
      name.word.map { EventName(name.name, outcome: $0, dropping: common, vocabulary) }
      ?? EventName(name.name, dropping: common, vocabulary)
    if isDeadLetter { meaning = meaning.deadLetter(vocabulary) }
    let type = types.firstIndex { $0.name == meaning && $0.isDeadLetter == isDeadLetter } ?? types.count
    if type == types.count { types.append(EventType(name: meaning, written: [], isDeadLetter: isDeadLetter)) }
    types[type].written = (types[type].written + [written]).sorted()
    names.append(written)
    typeOfName.append(type)
    return names.count - 1
  }
}

/// An event type: the meaning of its name and its spellings.
struct EventType: Equatable {
  let name: EventName
  /// In alphabetical order; never empty.
  var written: [String]
  /// Meaning according to the messages; it overrides the name.
  var shown: EventName.Meaning?
  /// The name means success, but a message with an error in these fields is a failure.
  var failing: OutcomeEvidence.Failing?
  /// It has the name of another type, whose dead letters are in `topics`.
  let isDeadLetter: Bool
  var topics: Set<String> = []

  init(name: EventName, written: [String], isDeadLetter: Bool = false) {
    self.name = name
    self.written = written
    self.isDeadLetter = isDeadLetter
  }

  var meaning: EventName.Meaning? { shown ?? name.meaning }

  static func precedes(_ left: Self, _ right: Self) -> Bool { left.written.lexicographicallyPrecedes(right.written) }
}
