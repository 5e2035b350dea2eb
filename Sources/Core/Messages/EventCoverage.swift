/// How well the definitions cover the events: types without a rule, rules without an event, and events of no saga. Stores at most 1,000
/// names of each kind; the rest is counted together.
struct EventCoverage {
  private static let most = 1000

  enum Reason: UInt8 {
    /// A rule exists for its type, but it contains no saga id.
    case noID
    /// It contains no id, and no rule exists for its type.
    case unknownType
  }

  private struct Place: Hashable {
    var topic: Symbol
    var reason: Reason
  }

  /// By definition and rule: whether an event has matched it.
  private var isMet: [[Bool]] = []
  private var unknown: [Symbol: Int] = [:]
  /// The number of these that contain a saga id.
  private var unknownOfSagas: [Symbol: Int] = [:]
  private var unmatched: [Place: Int] = [:]
  /// Types with a rule, of events without an id.
  private var nameless: Set<Symbol> = []
  private(set) var unmatchedCount = 0

  /// `rule` is the rule of the event's saga, `EventRecord.noRule` if none. `isKnown`: a definition has rules for its type.
  mutating func add(_ event: Event, rule: UInt16, isKnown: Bool) {
    if let link = event.link, rule != EventRecord.noRule { meet(Int(rule), of: Int(link.definition)) }
    for link in event.otherLinks { if let rule = link.rule { meet(Int(rule), of: Int(link.definition)) } }
    if !isKnown { Self.count(event.type, in: &unknown) }
    guard event.link == nil else {
      if !isKnown { Self.count(event.type, in: &unknownOfSagas) }
      return
    }
    unmatchedCount += 1
    if isKnown, nameless.count < Self.most { nameless.insert(event.type) }
    Self.count(Place(topic: event.origin.topic, reason: isKnown ? .noID : .unknownType), in: &unmatched)
  }

  private mutating func meet(_ rule: Int, of definition: Int) {
    if definition < isMet.count, rule < isMet[definition].count, isMet[definition][rule] { return }
    while isMet.count <= definition { isMet.append([]) }
    while isMet[definition].count <= rule { isMet[definition].append(false) }
    isMet[definition][rule] = true
  }

  private func hasMet(_ rule: Int, of definition: Int) -> Bool {
    definition < isMet.count && rule < isMet[definition].count && isMet[definition][rule]
  }

  private static func count<Name: Hashable>(_ name: Name, in counts: inout [Name: Int]) {
    if counts[name] != nil || counts.count < most { counts[name, default: 0] += 1 }
  }

  func view(_ definitions: [CompiledDefinition], _ symbols: SymbolTable) -> CoverageView {
    let seen = Set(nameless.map(symbols.text))
    return CoverageView(
      unknownTypes: unknown.map { type, count in
        .init(name: symbols.text(type), count: count, ofSagas: unknownOfSagas[type] ?? 0)
      }.sorted { ($1.count, $0.name) < ($0.count, $1.name) },
      unseenTypes: definitions.enumerated().flatMap { place, definition in
        definition.definition.events.enumerated()
          .filter { !hasMet($0.offset, of: place) && !seen.contains($0.element.type) }
          .map { .init(saga: definition.definition.type, type: $0.element.type) }
      },
      unmatched: unmatched.map { place, count in
        .init(topic: symbols.text(place.topic), isTypeKnown: place.reason == .noID, count: count)
      }.sorted { ($1.count, $0.topic) < ($0.count, $1.topic) },
      unmatchedCount: unmatchedCount)
  }
}

/// How well the definitions cover the events.
package struct CoverageView: Sendable, Equatable {
  package struct Count: Sendable, Equatable {
    package var name: String
    package var count: Int
    /// The number of events with a saga id.
    package var ofSagas: Int

    package init(name: String, count: Int, ofSagas: Int) {
      (self.name, self.count, self.ofSagas) = (name, count, ofSagas)
    }
  }

  package struct Rule: Sendable, Equatable {
    package var saga: String
    package var type: String

    package init(saga: String, type: String) { (self.saga, self.type) = (saga, type) }
  }

  package struct Unmatched: Sendable, Equatable {
    package var topic: String
    /// A rule exists for these types, but the events contain no id. If `false`, no rule exists.
    package var isTypeKnown: Bool
    package var count: Int

    package init(topic: String, isTypeKnown: Bool, count: Int) {
      (self.topic, self.isTypeKnown, self.count) = (topic, isTypeKnown, count)
    }
  }

  /// Types without a rule, most frequent first.
  package var unknownTypes: [Count] = []
  /// Rules for types that no event had.
  package var unseenTypes: [Rule] = []
  /// Events of no saga, most frequent first, and their total.
  package var unmatched: [Unmatched] = []
  package var unmatchedCount = 0

  package init(
    unknownTypes: [Count] = [], unseenTypes: [Rule] = [], unmatched: [Unmatched] = [], unmatchedCount: Int = 0
  ) {
    self.unknownTypes = unknownTypes
    self.unseenTypes = unseenTypes
    self.unmatched = unmatched
    self.unmatchedCount = unmatchedCount
  }
}
