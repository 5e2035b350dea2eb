/// Describes messages for a user who wants to configure their meaning: the fields, and which of them may be a type or an id.
package struct MessageProfile: Sendable {
  package struct Field: Sendable {
    package var source: FieldSource
    package var messages: Int
    package var values: Int
    /// Letters are masked as "x" and digits as "9", unless the values are a small set of names.
    package var examples: [String]
  }

  package struct Candidate: Sendable {
    package var source: FieldSource
    /// Why it was rejected; `nil` if it was accepted.
    package var rejection: String?

    package init(source: FieldSource, rejection: String?) { (self.source, self.rejection) = (source, rejection) }
  }

  package private(set) var messages: Int
  package private(set) var topics: [(name: String, count: Int)] = []
  /// The most frequent first.
  package private(set) var fields: [Field] = []
  /// The likeliest first.
  package private(set) var types: [Candidate] = []
  package private(set) var ids: [Candidate] = []

  package init(_ set: SampleSet, hints: InferenceHints = InferenceHints()) {
    let set = set.inOrder()
    messages = set.count
    let common = CommonFields(set)
    let finder = TypeFinder(set: set, tallies: common.tallies, vocabulary: hints.vocabulary)
    let found = finder.fields()
    var counts: [Int: Int] = [:]
    for sample in set.samples { counts[sample.topic, default: 0] += 1 }
    topics = counts.map { (set.topics[$0.key], $0.value) }.sorted { ($1.count, $0.name) < ($0.count, $1.name) }
    let outcome = OutcomeFinder(set: set, vocabulary: hints.vocabulary)
    let samples = TypedSamples(
      set, types: hints.type.isEmpty ? outcome.sources(of: found) : hints.type.map { TypeSource($0) },
      time: common.time(),
      vocabulary: hints.vocabulary)
    fields = common.tallies.filter { $0.count > 0 }.map { Self.field($0, set) }
      .sorted { $0.messages != $1.messages ? $0.messages > $1.messages : FieldName.precedes($0.source, $1.source) }
    types = finder.judged(taken: found)
    ids = IdentityCandidate.judged(samples)
  }

  private static func field(_ tally: FieldTally, _ set: SampleSet) -> Field {
    let values = tally.values.sorted { ($1.value, set.values[$0.key]) < ($0.value, set.values[$1.key]) }.prefix(3).map {
      set.values[$0.key]
    }
    let areNames = tally.values.count <= 30 && tally.count >= 2 * tally.values.count
    let names = values.allSatisfy {
      $0.utf8.count <= 80 && !NameWords.split($0).isEmpty && EventName($0).meaning != nil
    }
    return Field(
      source: tally.source, messages: tally.count, values: tally.values.count,
      examples: areNames && names ? values : values.map(masked))
  }

  /// The shape of a value, without its content.
  package static func masked(_ value: String) -> String {
    String(
      value.prefix(40).map { $0.isNumber ? "9" : $0.isLetter ? ($0.isUppercase ? "X" : "x") : $0.isASCII ? $0 : "?" })
  }
}

extension TypeFinder {
  /// Fields that may hold the type, the likeliest first; the topic is always included.
  func judged(taken: [FieldSource]) -> [MessageProfile.Candidate] {
    struct Judged { var candidate: MessageProfile.Candidate, share: Double, rank: Int }
    var judged: [Judged] = []
    for tally in tallies where tally.count > 0 && tally.values.count <= 300 && 10 * tally.count >= set.count {
      let share = eventShare(tally)
      guard share > 0.2 || namedRank(tally.source) != nil else { continue }
      let isTaken = taken.contains(tally.source)
      let reason =
        share <= 0.6
        ? "\(Int(share * 100)) % of its values look like event names"
        : tally.values.count < 3 ? "it has \(tally.values.count) values" : "another field distinguishes more"
      judged.append(
        Judged(
          candidate: .init(source: tally.source, rejection: isTaken ? nil : reason), share: isTaken ? 2 : share,
          rank: namedRank(tally.source) ?? 1000))
    }
    let sorted = judged.sorted {
      $0.share != $1.share
        ? $0.share > $1.share
        : $0.rank != $1.rank ? $0.rank < $1.rank : FieldName.precedes($0.candidate.source, $1.candidate.source)
    }
    let topic = MessageProfile.Candidate(
      source: .topic, rejection: taken.isEmpty ? nil : "a field distinguishes more")
    return taken.isEmpty ? [topic] + sorted.map(\.candidate) : sorted.map(\.candidate) + [topic]
  }
}

extension IdentityCandidate {
  /// Fields that may identify a saga, the likeliest first.
  static func judged(_ samples: TypedSamples) -> [MessageProfile.Candidate] {
    let events = samples.events.count
    return each(of: samples).map { ($0, $0.rejection(among: events)) }
      .sorted { left, right in
        let (one, other) = (left.0.weight(left.1, among: events), right.0.weight(right.1, among: events))
        return one != other ? one > other : left.0.name < right.0.name
      }
      .flatMap { candidate, rejection in
        candidate.fields.prefix(2).map { .init(source: samples.set.fields[$0], rejection: rejection) }
      }
  }

  /// Grows with the share of messages that carry it and the share of its values that occur in several types.
  private func weight(_ rejection: String?, among events: Int) -> Double {
    let tied = typesOfValue.isEmpty ? 0 : Double(joined) / Double(typesOfValue.count)
    let share = Double(count) / Double(max(1, events))
    return (rejection == nil ? 2 : 0) + (isOfSaga ? 1 : 0) + (isKey ? -0.5 : isNamed ? 0.5 : 0) + (isOfParty ? -1 : 0)
      + tied + share
  }

  private func rejection(among events: Int) -> String? {
    if namesFlows(among: events), joined > 2 { return nil }
    if types.count < 2 { return "it occurs in messages of one type only" }
    if joined < 3 { return "only \(joined) of its values occur in several types; three are needed" }
    if 5 * joined < typesOfValue.count {
      return "\(typesOfValue.count - joined) of \(typesOfValue.count) values occur in one type only"
    }
    if !isNamed { return "its name is not that of an id" }
    if isOfParty { return "its name is that of a participant, who takes part in many sagas" }
    return "one of its values occurs in many messages of a type"
  }
}
