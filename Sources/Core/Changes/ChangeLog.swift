/// A change of the watched system.
package struct Change: Sendable, Equatable {
  /// The raw value is the word in JSON.
  package enum Kind: String, CaseIterable, Sendable {
    /// The version in a node's events changed.
    case deployment
    case service
    case circuit
    case group
    case lock
    case source
  }

  package var time: Timestamp
  package var kind: Kind
  /// Name of the service, node, group, lock or source.
  package var subject: String
  /// "payment-service is down: connection refused".
  package var sentence: String
  /// A change for the worse; `nil` if unknown.
  package var isWorse: Bool?

  package init(_ kind: Kind, _ subject: String, _ sentence: String, isWorse: Bool?, at time: Timestamp) {
    (self.kind, self.subject, self.sentence, self.isWorse, self.time) = (kind, subject, sentence, isWorse, time)
  }
}

/// The changes in order of detection; the oldest is dropped first.
struct ChangeLog: Sendable {
  static let most = 1000
  /// Maximum number of programs with a known version, by node and event type.
  private static let mostPrograms = 5000
  private static let mostSubjects = 20_000
  /// Maximum number of locks of one source that are reported individually.
  static let mostLocks = 50
  /// Within this time the same version change in another event type counts as the same deployment.
  private static let rollout = Duration.seconds(60)

  private struct Program: Hashable {
    var node: Symbol
    var type: Symbol
  }

  private(set) var changes: [Change] = []
  private var versions: [Program: (version: Symbol, time: Timestamp)] = [:]
  /// The previous state of each group, lock and source.
  private var states: [String: String] = [:]

  mutating func add(_ change: Change) {
    if changes.count >= Self.most { changes.removeFirst(Self.most / 4) }
    changes.append(change)
  }

  /// Returns the previous state if it differs; the first state is not a change.
  mutating func note(_ state: String, of subject: String) -> String? {
    guard let known = states[subject] else {
      if states.count < Self.mostSubjects { states[subject] = state }
      return nil
    }
    states[subject] = state
    return known == state ? nil : known
  }

  mutating func noteVersion(of event: Event, _ symbols: SymbolTable) {
    guard !event.version.isNone, !event.node.isNone else { return }
    let program = Program(node: event.node, type: event.type)
    guard let known = versions[program] else {
      if versions.count < Self.mostPrograms { versions[program] = (event.version, event.time) }
      return
    }
    guard event.time >= known.time else { return }
    versions[program] = (event.version, event.time)
    guard known.version != event.version else { return }
    let node = symbols.text(event.node)
    let sentence = "\(node) went from version \(symbols.text(known.version)) to \(symbols.text(event.version))"
    let isKnown = changes.suffix(50).contains {
      $0.kind == .deployment && $0.sentence == sentence && event.time - $0.time < Self.rollout
    }
    if !isKnown { add(Change(.deployment, node, sentence, isWorse: nil, at: event.time)) }
  }

  /// Removes the changes after `instant`.
  mutating func cut(at instant: Timestamp) { changes.removeAll { $0.time > instant } }

  /// The changes since `instant`, newest first, at most `limit`.
  func since(_ instant: Timestamp, limit: Int) -> [Change] {
    Array(changes.filter { $0.time >= instant }.sorted { $0.time > $1.time }.prefix(limit))
  }
}

extension StoreState {
  mutating func fold(_ reading: ServiceSample) {
    let before = services.place(of: reading.service).map { services.services[$0] }
    services.note(reading)
    guard let before, let after = services.place(of: reading.service).map({ services.services[$0] }) else { return }
    noteVerdict(of: before, after, at: reading.time)
    guard before.instances.indices.contains(reading.instance) else { return }
    let (old, new) = (before.instances[reading.instance], after.instances[reading.instance])
    for (name, circuit) in new.circuits.sorted(by: { $0.key < $1.key }) {
      // A breaker that retries every few seconds is half open in between; that is not a change.
      guard let known = old.circuits[name], known.state.isTrouble != circuit.state.isTrouble else { continue }
      let place = new.definition.node.map { " on \($0)" } ?? ""
      changes.add(
        Change(
          .circuit, reading.service,
          "circuit \(name) of \(reading.service)\(place) is \(circuit.state.phrase), was \(known.state.phrase)",
          isWorse: circuit.state.isTrouble, at: reading.time))
    }
  }

  private mutating func noteVerdict(of before: ServiceState.Entry, _ after: ServiceState.Entry, at time: Timestamp) {
    let (old, new) = (before.verdict.judgement.verdict, after.verdict.judgement)
    // The first verdict is not a change.
    guard before.verdict.since != nil, old != new.verdict else { return }
    let name = after.definition.name
    changes.add(
      Change(
        .service, name, "\(name) is \(new.verdict.rawValue), was \(old.rawValue): \(new.reason)",
        isWorse: new.verdict > old, at: time))
  }

  /// Called after a complete sample of the groups.
  mutating func noteGroups(of reading: LagSample) {
    for group in reading.groups {
      guard let row = lag.groups[group.name]?.row,
        let was = changes.note(row.verdict.rawValue, of: "group \(row.name)"),
        row.verdict.isTrouble || LagVerdict(rawValue: was)?.isTrouble == true
      else { continue }
      changes.add(
        Change(
          .group, row.name, "group \(row.name) is \(row.verdict.rawValue), was \(was): \(row.reason)",
          isWorse: row.verdict.isTrouble, at: reading.time))
    }
  }

  /// Called after a complete sample of the locks: one change per lock in trouble, or a single change if there are too many.
  mutating func noteLocks(of reading: LockSample) {
    let troubled = locks.ranking.prefix { $0.verdict.isTrouble }.filter { $0.key.source == reading.source }
    let isMany = troubled.count > ChangeLog.mostLocks
    let subject = "locks of \(reading.source)"
    if changes.note(isMany ? "many" : "few", of: subject) != nil {
      let sentence =
        "\(isMany ? "more" : "no more") than \(ChangeLog.mostLocks) locks of \(reading.source) are in trouble"
      changes.add(Change(.lock, reading.source, sentence, isWorse: isMany, at: reading.time))
    }
    guard !isMany else { return }
    let now = Dictionary(troubled.map { ($0.key, $0.verdict) }, uniquingKeysWith: { first, _ in first })
    for rank in troubled where troubledLocks[rank.key] == nil {
      changes.add(
        Change(.lock, rank.key.key, "lock \(rank.key.key) is \(rank.verdict.rawValue)", isWorse: true, at: reading.time)
      )
    }
    for key in troubledLocks.keys.filter({ $0.source == reading.source && now[$0] == nil }).sorted(by: {
      $0.key < $1.key
    }) {
      changes.add(Change(.lock, key.key, "lock \(key.key) is no longer in trouble", isWorse: false, at: reading.time))
    }
    troubledLocks = troubledLocks.filter { $0.key.source != reading.source }.merging(now) { $1 }
  }

  mutating func noteSource(_ status: SourceStatus, at now: Timestamp) {
    let word = status.phase == .down ? "down" : status.phase == .up ? "up" : ""
    guard !word.isEmpty, let was = changes.note(word, of: "source \(status.name)") else { return }
    changes.add(
      Change(
        .source, status.name, "\(status.name) is \(word), was \(was)\(status.error.map { ": \($0)" } ?? "")",
        isWorse: word == "down", at: now))
  }
}

extension Store {
  private static let mostShown = 500

  /// The changes since this instant, newest first.
  package func changes(since instant: Timestamp) -> [Change] {
    read { $0.changes.since(instant, limit: Self.mostShown) }
  }
}
