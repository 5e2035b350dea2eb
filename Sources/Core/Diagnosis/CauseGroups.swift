import Synchronization
import Text

/// A cause of current trouble: one cause with its consequences, and its number of sagas.
package struct CauseGroup: Sendable, Equatable {
  package enum Extent: String, Sendable, Equatable {
    /// Sagas that wait, or that need manual work.
    case waiting
    /// Failures of the last five minutes. A saga may have several, and may still have completed.
    case ended
    /// No saga waits for it, but it is a problem.
    case system
  }

  /// The cause as found for one of the sagas.
  package var cause: Cause
  package var extent: Extent
  /// Each saga counts once, under its most likely cause; for `ended`, each failure counts. 0 for `system`.
  package var count: Int
  /// The count is an estimate: not all diagnosed sagas have this cause, or none was diagnosed.
  package var isEstimate: Bool
  /// Increase within the last minute; `nil` if unknown.
  package var growth: Int?
  /// Last progress of the saga that has waited longest, or the start of the problem.
  package var since: Timestamp?
  /// The steps of these sagas, most sagas first.
  package var steps: [String]
  /// Another cause that some of these sagas wait for; they are not counted there.
  package var also: String?
  /// A filter that matches exactly these sagas; `nil` if there is none.
  package var filter: String?

  package init(
    cause: Cause, extent: Extent = .waiting, count: Int, isEstimate: Bool = false, since: Timestamp? = nil,
    steps: [String] = [], also: String? = nil, filter: String? = nil
  ) {
    self.cause = cause
    self.extent = extent
    self.count = count
    self.isEstimate = isEstimate
    self.since = since
    self.steps = steps
    self.also = also
    self.filter = filter
  }

  /// The end of the chain: "54 wait at payment"; empty if no saga is affected.
  package var impact: String {
    let place = steps.isEmpty ? "" : " at \(steps.prefix(2).joined(separator: ", "))"
    let number = (isEstimate ? "about " : "") + Quantity.grouped(count)
    switch extent {
    case .system: return ""
    case .ended: return "\(number) failures in the last 5m"
    case .waiting:
      let verb = cause.kind == .stepFailed ? "failed" : count == 1 ? "waits" : "wait"
      return "\(number) \(verb)\(place)"
    }
  }

  /// The lock that a release action would remove; `nil` if none.
  package var lock: LockKey? {
    guard cause.kind.remedy == .releaseLock, case .lock(let key)? = cause.subject else { return nil }
    return key
  }

  /// A short suggestion.
  package var cure: String {
    switch cause.kind.remedy {
    case .releaseLock?: "evict the lock if its holder is gone"
    case .retry? where extent == .waiting: "retry them once what failed is mended"
    default: cause.cure ?? ""
    }
  }
}

/// Groups the causes of sagas and of the system.
struct CauseGrouping {
  /// Maximum number of sagas diagnosed per call.
  private static let mostDiagnosed = 32

  private(set) var groups: [CauseGroup] = []
  private let troubles: [TroubleGroup]
  /// Further causes of the diagnosed sagas, which are counted under other causes.
  private var others: [(cause: Cause, count: Int)] = []
  private var looked = 0
  /// Per filter the causes of its groups.
  private var causesByFilter: [TroubleIndex.Key: [Cause]] = [:]

  /// `diagnose` returns the causes of one saga, most likely first.
  init(_ troubles: [TroubleGroup], diagnose: (SagaHandle) -> [Cause]) {
    self.troubles = troubles
    var left = Self.mostDiagnosed
    var unseen: [TroubleGroup] = []
    for trouble in troubles {
      let samples = trouble.samples.prefix(left)
      left -= samples.count
      let found = samples.map(diagnose).filter { !$0.isEmpty }
      note(found)
      if found.isEmpty { unseen.append(trouble) } else { add(trouble, found) }
    }
    for trouble in unseen { addUnseen(trouble) }
    add(
      others.filter { 2 * $0.count >= looked && looked > 2 }.map { other in
        var cause = other.cause
        if let example = cause.evidence.first?.text { cause.sentence += ": \(example)" }
        return CauseGroup(cause: cause, extent: .system, count: 0)
      })
    for place in groups.indices { settle(place) }
    groups.sort { ($1.count, $0.cause.sentence) < ($0.count, $1.cause.sentence) }
  }

  private mutating func note(_ found: [[Cause]]) {
    looked += found.count
    for cause in found.flatMap({ $0.dropFirst() }) where cause.isWorthALine {
      if let place = others.firstIndex(where: { $0.cause.isSame(as: cause) }) {
        others[place].count += 1
      } else {
        others.append((cause, 1))
      }
    }
  }

  private mutating func add(_ trouble: TroubleGroup, _ found: [[Cause]]) {
    for (cause, share) in Self.shares(of: found.map { $0[0] }) {
      let count = share == found.count ? trouble.count : max(1, trouble.count * share / found.count)
      let other = found.first { $0[0].isSame(as: cause) }?.dropFirst().first(where: \.isWorthALine)
      add(
        CauseGroup(
          cause: cause, count: count, isEstimate: share < found.count, since: trouble.since,
          steps: trouble.step.map { [$0] } ?? [], also: other?.sentence, filter: trouble.filter),
        trouble.key.filtered)
    }
  }

  /// For a group without a diagnosed saga: the cause of a group that differs by place only, else `nothingFound`.
  private mutating func addUnseen(_ trouble: TroubleGroup) {
    let cause =
      causesByFilter[trouble.key.filtered]?.first
      ?? Cause(.nothingFound, "not examined: too many different problems", [], strength: 1)
    add(
      CauseGroup(
        cause: cause, count: trouble.count, isEstimate: true, since: trouble.since,
        steps: trouble.step.map { [$0] } ?? [], filter: trouble.filter), trouble.key.filtered)
  }

  /// Each distinct cause with its number of sagas.
  private static func shares(of causes: [Cause]) -> [(cause: Cause, count: Int)] {
    var shares: [(cause: Cause, count: Int)] = []
    for cause in causes {
      if let place = shares.firstIndex(where: { $0.cause.isSame(as: cause) }) {
        shares[place].count += 1
      } else {
        shares.append((cause, 1))
      }
    }
    return shares
  }

  private mutating func add(_ group: CauseGroup, _ key: TroubleIndex.Key) {
    if causesByFilter[key, default: []].allSatisfy({ !$0.isSame(as: group.cause) }) {
      causesByFilter[key, default: []].append(group.cause)
    }
    guard let place = groups.firstIndex(where: { $0.cause.isSame(as: group.cause) }) else {
      groups.append(group)
      return
    }
    if group.cause.links.count > groups[place].cause.links.count { groups[place].cause = group.cause }
    groups[place].count += group.count
    groups[place].isEstimate = groups[place].isEstimate || group.isEstimate
    groups[place].since = [groups[place].since, group.since].compactMap(\.self).min()
    groups[place].also = groups[place].also ?? group.also
    for step in group.steps where !groups[place].steps.contains(step) { groups[place].steps.append(step) }
    if groups[place].filter != group.filter { groups[place].filter = nil }
  }

  /// The filter is kept only if all sagas that it matches have this cause.
  private mutating func settle(_ place: Int) {
    guard let filter = groups[place].filter else { return }
    let isShared = troubles.contains { $0.filter == filter && (causesByFilter[$0.key.filtered]?.count ?? 0) > 1 }
    let causes = Set(troubles.filter { $0.filter == filter }.map(\.key.filtered)).flatMap { causesByFilter[$0] ?? [] }
    if isShared || causes.contains(where: { !$0.isSame(as: groups[place].cause) }) { groups[place].filter = nil }
  }

  /// Adds problems that are not covered by a saga's cause yet.
  mutating func add(_ causes: [CauseGroup]) {
    for group in causes {
      let isTold = groups.contains { known in
        known.cause.isSame(as: group.cause) || group.cause.subject.map { known.cause.subjects.contains($0) } ?? false
      }
      if !isTold { groups.append(group) }
    }
  }
}

extension Cause {
  /// Relevant even if another cause of the saga is more likely.
  fileprivate var isWorthALine: Bool { strength >= 60 || kind == .slowStep && strength >= 35 }
}

/// The last result, and the earlier number of sagas per cause. Finding causes takes longer than drawing a frame.
struct CauseCache {
  static let lifetime = Duration.seconds(1)
  private static let span = Duration.seconds(60)
  private static let mostKept = 100

  private(set) var foundAt: Timestamp?
  private(set) var groups: [CauseGroup] = []
  private var history: [(at: Timestamp, counts: [String: Int])] = []

  /// The result of the last second before `now`. At the same instant it is not used, because anything may have changed.
  func current(at now: Timestamp) -> [CauseGroup]? {
    guard let foundAt, now > foundAt, now - foundAt < Self.lifetime else { return nil }
    return groups
  }

  mutating func take(_ found: [CauseGroup], at now: Timestamp) {
    if let foundAt, now < foundAt { history = [] }
    history.removeAll { now - $0.at > Self.span + .seconds(10) }
    groups = found
    foundAt = now
    if let before = history.last(where: { now - $0.at >= Self.span }) {
      for place in groups.indices where groups[place].extent == .waiting {
        groups[place].growth = groups[place].count - (before.counts[groups[place].cause.sentence] ?? 0)
      }
    }
    guard history.count < Self.mostKept else { return }
    let counts = found.map { ($0.cause.sentence, $0.count) }
    history.append((now, Dictionary(counts, uniquingKeysWith: { $0 + $1 })))
  }
}

extension Store {
  /// The causes of current trouble: those with the most sagas first, then other problems. Some sagas of each group are diagnosed, with a
  /// separate hold of the lock for each. Computed at most once per second.
  package func causes(now: Timestamp) -> [CauseGroup] {
    if let known = causeCache.withLock({ $0.current(at: now) }) { return known }
    let (troubles, nodes, system) = read { state in
      (state.sagas.troubles.all(in: state.sagas), state.nodeHealths(now: now), state.systemCauses(now: now))
    }
    var grouping = CauseGrouping(troubles) { diagnosis($0, now: now, nodes: nodes)?.causes ?? [] }
    grouping.add(system)
    let groups = grouping.groups
    return causeCache.withLock {
      $0.take(groups, at: now)
      return $0.groups
    }
  }
}
