import Core

/// Fingerprints of the events that were handed over lately: what is read again and again is news only once.
struct SeenEvents {
  private var known: [UInt64: Timestamp] = [:]
  private var ring: [UInt64] = []
  private var next = 0
  private let limit: Int

  /// Of older events than the last `limit` a repetition is left to whoever folds them.
  init(limit: Int = 200_000) {
    self.limit = max(1, limit)
  }

  /// False when it was there already, with this time or an earlier one: the earliest is when it happened.
  mutating func insert(_ fingerprint: UInt64, at time: Timestamp) -> Bool {
    if let former = known[fingerprint] {
      if former <= time { return false }
      known[fingerprint] = time
      return true
    }
    known[fingerprint] = time
    if ring.count < limit {
      ring.append(fingerprint)
    } else {
      known[ring[next]] = nil
      ring[next] = fingerprint
      next = (next + 1) % limit
    }
    return true
  }
}
