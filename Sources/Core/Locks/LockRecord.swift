/// The state of one lock over time.
struct LockRecord {
  /// The effect of one observation.
  struct Change {
    var hasBegun = false
    var ended: LockHolding?
  }

  /// Number of holdings stored per key.
  static let mostPast = 20
  /// A time to live counts as renewed only if its end moved by more than the measurement error.
  private static let jitter = Duration.milliseconds(200)
  private static let clockTolerance = Duration.seconds(5)

  let definition: Int
  let parts: [LockPattern.Part]
  /// `nil` while it is free.
  private(set) var holding: LockHolding?
  /// Oldest first.
  private(set) var past: [LockHolding] = []
  /// Of the current holding, or of the last one while the lock is free.
  private(set) var observation: LockObservation?
  /// The longest observed time to live of the current holding.
  private(set) var longestTTL: Duration?
  /// When its state was last known.
  private(set) var knownAt: Timestamp
  /// As of the last poll. Lists use it to show, count, filter and sort, so that they agree.
  var judgement = LockJudge.Judgement(verdict: .held, reason: "free")
  var verdict: LockVerdict { judgement.verdict }
  /// When it expired, if it became free by expiring.
  private(set) var expiredAt: Timestamp?
  private var changedAt = Timestamp.distantPast
  /// The time to live that is set on acquisition is not a renewal.
  private var awaitsLease = false

  init(definition: Int, parts: [LockPattern.Part], at time: Timestamp) {
    self.definition = definition
    self.parts = parts
    knownAt = time
  }

  /// Applies the result of a round. `lease` is the configured lease.
  mutating func note(_ found: LockObservation, lease: Duration?, isExact: Bool) -> Change {
    // An event received since then is newer.
    guard found.time >= changedAt else { return Change() }
    knownAt = found.time
    var change = Change()
    if let holding, !holding.goesOn(with: found.holders) {
      change.ended = end(.replaced, at: found.time, isExact: false)
    }
    if holding == nil {
      holding = Self.begin(found, lease: lease)
      (observation, expiredAt, longestTTL) = (nil, nil, nil)
      change.hasBegun = true
    } else if !isExact, isRenewed(by: found) {
      holding?.renewals &+= 1
    }
    adopt(found)
    return change
  }

  /// Applies an event of the server.
  mutating func note(_ event: LockEvent) -> Change {
    knownAt = event.time
    switch event.kind {
    case .written:
      guard holding == nil else { return Change() }
      holding = LockHolding(holders: [], since: event.time, isSinceExact: true)
      (observation, expiredAt, awaitsLease, changedAt) = (nil, nil, true, event.time)
      return Change(hasBegun: true)
    case .renewed:
      if !awaitsLease { holding?.renewals &+= 1 }
      awaitsLease = false
      return Change()
    case .released, .expired:
      changedAt = event.time
      return Change(ended: end(event.kind == .expired ? .expired : .released, at: event.time, isExact: true))
    }
  }

  /// The lock no longer exists. Its remaining time to live determines whether it was released or expired.
  mutating func noteGone(at time: Timestamp) -> Change {
    guard holding != nil else { return Change() }
    knownAt = time
    let ranOut = observation.flatMap { found in found.ttl.map { found.time + $0 } }
    guard let ranOut, ranOut <= time else { return Change(ended: end(.released, at: time, isExact: false)) }
    return Change(ended: end(.expired, at: ranOut, isExact: false))
  }

  mutating func thin() { past = past.suffix(1) }

  private mutating func end(_ end: LockHolding.End, at time: Timestamp, isExact: Bool) -> LockHolding? {
    guard var ended = holding else { return nil }
    ended.until = max(time, ended.since)
    ended.isUntilExact = isExact
    ended.end = end
    holding = nil
    expiredAt = end == .expired ? time : nil
    if past.count == Self.mostPast { past.removeFirst() }
    past.append(ended)
    return ended
  }

  private mutating func adopt(_ found: LockObservation) {
    observation = found
    if let ttl = found.ttl { longestTTL = max(longestTTL ?? ttl, ttl) }
    if !found.holders.isEmpty { holding?.holders = found.holders }
    if let holding { self.holding?.waiters = max(holding.waiters, found.waiters ?? 0) }
  }

  private func isRenewed(by found: LockObservation) -> Bool {
    guard let before = observation, let old = before.ttl, let new = found.ttl else { return false }
    return (found.time + new) - (before.time + old) > Self.jitter
  }

  private static func begin(_ found: LockObservation, lease: Duration?) -> LockHolding {
    // A token time in the future comes from a clock that runs ahead, or has another meaning.
    if let takenAt = found.holders.compactMap(\.takenAt).min(), takenAt <= found.time + clockTolerance {
      return LockHolding(holders: found.holders, since: min(takenAt, found.time), isSinceExact: true)
    }
    var age = max(.zero, found.idle ?? .zero)
    if let lease, let ttl = found.ttl { age = max(age, lease - ttl) }
    return LockHolding(holders: found.holders, since: found.time - age, isSinceExact: false)
  }
}
