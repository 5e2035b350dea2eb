/// A lock that the saga needs is held by another holder for too long.
enum LockRule {
  static func causes(_ situation: Situation) -> [Cause] {
    guard situation.isActive else { return [] }
    let own = situation.locks.compactMap { lock in cause(lock, situation) }
    guard let head = situation.head else { return own }
    let known = Set(situation.locks.map(\.id))
    return own + head.locks.filter { !known.contains($0.id) }.compactMap { cause($0, of: head, situation) }
  }

  private static func cause(_ lock: LockRow, _ situation: Situation) -> Cause? {
    guard let (kind, sentence, strength) = finding(lock) else { return nil }
    var cause = Cause(
      kind, "lock \(lock.id.key) \(sentence)",
      [situation.evidence(text(lock), source: lock.id.source, readAt: lock.readAt)], strength: strength,
      suggestion: suggestion(kind), subject: .lock(lock.id))
    if let other = otherStep(lock, situation) {
      cause.weaken(
        by: 45,
        Evidence(
          "yet it is a lock of \(other), and the saga is at \(situation.stepName)", source: "events",
          weight: .contradicts))
    }
    return cause
  }

  /// A lock that an earlier saga in the partition waits for, while the group is blocked by that saga's message.
  private static func cause(_ lock: LockRow, of head: Situation.Head, _ situation: Situation) -> Cause? {
    guard let (kind, sentence, strength) = finding(lock) else { return nil }
    return Cause(
      kind, "lock \(lock.id.key) \(sentence)",
      [
        situation.evidence(text(lock), source: lock.id.source, readAt: lock.readAt),
        Evidence(
          "\(head.type) \(head.id) waits for it, and its message \(head.place) lies before this saga's",
          source: "events"),
      ], strength: strength - 1, suggestion: suggestion(kind), subject: .lock(lock.id))
  }

  private static func finding(_ lock: LockRow) -> (CauseKind, String, Int)? {
    switch lock.verdict {
    case .immortal: (.lockImmortal, "never expires", 89)
    case .overdue: (.lockOverdue, "is held for too long", 82)
    case .orphan: (.lockOverdue, "is held although its saga is over", 70)
    case .lost: (.lockLost, "was lost while the saga worked", 65)
    case .contended:
      (.lockContended, "is contended", lock.age.map { $0.duration > .seconds(2) } ?? false ? 62 : 28)
    case .held, .expiring:
      lock.age.map { $0.duration > .seconds(5) } ?? false ? (.lockOverdue, "is held for long", 50) : nil
    }
  }

  private static func text(_ lock: LockRow) -> String {
    lock.reason + (lock.holders.first.map { "; \($0.text) has it" } ?? "")
  }

  private static func suggestion(_ kind: CauseKind) -> String? {
    switch kind {
    case .lockImmortal: "see whether its holder still lives; if not, delete the lock"
    case .lockOverdue: "see what its holder does"
    case .lockLost: "see whether two workers did the same work"
    default: nil
    }
  }

  /// The step named in the lock's pattern, if it differs from the step in question.
  private static func otherStep(_ lock: LockRow, _ situation: Situation) -> String? {
    let words = Set(lock.pattern.lowercased().split { !$0.isLetter && !$0.isNumber }.map(String.init))
    guard let focus = situation.focus, !words.contains(focus.name.lowercased()) else { return nil }
    return situation.row.steps.map(\.name).first { words.contains($0.lowercased()) }
  }
}
