/// One lock over time.
struct LockRecord {
  /// What one observation changed.
  struct Change {
    var hasBegun = false
    var ended: LockHolding?
  }

  /// Holdings that are kept of one key.
  static let mostPast = 20
  /// A time to live is only called renewed when its end moved further than reading it can be off.
  private static let jitter = Duration.milliseconds(200)
  private static let clockTolerance = Duration.seconds(5)

  let definition: Int
  let parts: [LockPattern.Part]
  /// `nil` while it is free.
  private(set) var holding: LockHolding?
  /// The latest last.
  private(set) var past: [LockHolding] = []
  /// Of the present holding, and of the last one while it is free.
  private(set) var observation: LockObservation?
  /// The longest time to live that the present holding was seen with.
  private(set) var longestTTL: Duration?
  /// The last instant that something was known of it.
  private(set) var knownAt: Timestamp
  /// As of the last poll. It is what lists show, count, filter and sort by, so that these agree.
  var judgement = LockJudge.Judgement(verdict: .held, reason: "free")
  var verdict: LockVerdict { judgement.verdict }
  /// When its time ran out, if that is how it became free.
  private(set) var expiredAt: Timestamp?
  private var changedAt = Timestamp.distantPast
  /// The time to live that comes with the taking is not a renewal.
  private var awaitsLease = false

  init(definition: Int, parts: [LockPattern.Part], at time: Timestamp) {
    self.definition = definition
    self.parts = parts
    knownAt = time
  }

  /// Takes what a round found. `lease` is the configured one.
  mutating func note(_ found: LockObservation, lease: Duration?, isExact: Bool) -> Change {
    // What the server told since is newer.
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

  /// Takes what the server told.
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

  /// It is not there any more. Whether it was given back or ran out follows from the time that it had left.
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
    // A token of the future is of a clock that runs ahead, or means another thing.
    if let takenAt = found.holders.compactMap(\.takenAt).min(), takenAt <= found.time + clockTolerance {
      return LockHolding(holders: found.holders, since: min(takenAt, found.time), isSinceExact: true)
    }
    var age = max(.zero, found.idle ?? .zero)
    if let lease, let ttl = found.ttl { age = max(age, lease - ttl) }
    return LockHolding(holders: found.holders, since: found.time - age, isSinceExact: false)
  }
}
