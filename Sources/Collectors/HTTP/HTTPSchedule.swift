/// Which endpoints are to be asked next. A request that takes long makes room for others after a moment, so that any number of
/// endpoints that hang delays none that answers.
struct HTTPSchedule {
  typealias Instant = ContinuousClock.Instant

  /// Requests that may be young at once.
  static let mostYoung = 16
  /// Requests under way at most.
  static let most = 256
  /// How long a request counts as young.
  static let youth = Duration.milliseconds(250)

  private struct Slot {
    var interval: Duration
    var dueAt: Instant
    var startedAt: Instant?
  }

  private var slots: [Slot]

  /// All are due at `start`.
  init(_ intervals: [Duration], start: Instant) {
    slots = intervals.map { Slot(interval: $0, dueAt: start) }
  }

  /// Those that may be started now, the longest due first; they count as started.
  mutating func take(at now: Instant) -> [Int] {
    let due = slots.indices.filter { slots[$0].startedAt == nil && slots[$0].dueAt <= now }
    guard !due.isEmpty else { return [] }
    let running = slots.compactMap(\.startedAt)
    let room = min(Self.mostYoung - running.count { now - $0 < Self.youth }, Self.most - running.count)
    let chosen = due.sorted { (slots[$0].dueAt, $0) < (slots[$1].dueAt, $1) }.prefix(max(0, room))
    for index in chosen { slots[index].startedAt = now }
    return Array(chosen)
  }

  /// The next time comes one interval after the last was due; what was missed is not made up for.
  mutating func finish(_ index: Int, at now: Instant) {
    slots[index].startedAt = nil
    let next = slots[index].dueAt + slots[index].interval
    slots[index].dueAt = next > now ? next : now + min(slots[index].interval, .milliseconds(100))
  }

  /// Asks it not before `instant`.
  mutating func postpone(_ index: Int, to instant: Instant) { slots[index].dueAt = max(slots[index].dueAt, instant) }

  /// Asks it once more sooner than its interval.
  mutating func hasten(_ index: Int, to instant: Instant) { slots[index].dueAt = min(slots[index].dueAt, instant) }

  /// When the next can be started; `nil` when only the end of another makes room.
  func next(after now: Instant) -> Instant? {
    let running = slots.compactMap(\.startedAt)
    guard running.count < Self.most, let due = slots.lazy.filter({ $0.startedAt == nil }).map(\.dueAt).min() else {
      return nil
    }
    let young = running.filter { now - $0 < Self.youth }
    guard young.count >= Self.mostYoung, let first = young.min() else { return due }
    return max(due, first + Self.youth)
  }
}
