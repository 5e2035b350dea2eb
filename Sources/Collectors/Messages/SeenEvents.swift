/// Fingerprints of the events that were handed over lately: what is read again and again is news only once.
struct SeenEvents {
  private var known: Set<UInt64> = []
  private var ring: [UInt64] = []
  private var next = 0
  private let limit: Int

  /// Of older events than the last `limit` a repetition is left to whoever folds them.
  init(limit: Int = 200_000) {
    self.limit = max(1, limit)
  }

  /// False when it was there already.
  mutating func insert(_ fingerprint: UInt64) -> Bool {
    guard known.insert(fingerprint).inserted else { return false }
    if ring.count < limit {
      ring.append(fingerprint)
    } else {
      known.remove(ring[next])
      ring[next] = fingerprint
      next = (next + 1) % limit
    }
    return true
  }
}
