/// A verdict over time: since when it holds, and how often it changed.
struct VerdictHistory {
  private static let mostChanges = 32
  /// So many changes between down and not down within the span are flapping.
  private static let flapping = 4
  private static let flappingSpan = Duration.seconds(300)

  private(set) var judgement = ServiceJudgement(.unknown, "not asked yet")
  private(set) var since: Since?
  /// When it changed, and to what, oldest first.
  private(set) var changes: [(time: Timestamp, verdict: ServiceVerdict, reason: String)] = []
  private var turns: [Timestamp] = []

  mutating func note(_ judgement: ServiceJudgement, at time: Timestamp) {
    let before = self.judgement.verdict
    let isFirst = since == nil
    self.judgement = judgement
    guard isFirst || before != judgement.verdict else { return }
    since = Since(time, isAtLeast: isFirst)
    if changes.count == Self.mostChanges { changes.removeFirst() }
    changes.append((time, judgement.verdict, judgement.reason))
    guard !isFirst, (before == .down) != (judgement.verdict == .down) else { return }
    if turns.count == Self.flapping { turns.removeFirst() }
    turns.append(time)
  }

  func isFlapping(at now: Timestamp) -> Bool {
    guard turns.count == Self.flapping, let first = turns.first else { return false }
    return now - first <= Self.flappingSpan
  }
}
