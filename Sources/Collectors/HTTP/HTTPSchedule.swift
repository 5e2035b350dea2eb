/// Chooses the endpoints to request next. A slow request stops counting as young after 250 ms, so endpoints that hang do not delay
/// endpoints that respond.
struct HTTPSchedule {
  typealias Instant = ContinuousClock.Instant

  /// Maximum number of young requests.
  static let mostYoung = 16
  /// Maximum number of open requests.
  static let most = 256
  /// Age below which a request counts as young.
  static let youth = Duration.milliseconds(250)

  private struct Slot {
    var interval: Duration
    var dueAt: Instant
    var startedAt: Instant?
  }

  private var slots: [Slot]

  /// All endpoints are due at `start`.
  init(_ intervals: [Duration], start: Instant) {
    slots = intervals.map { Slot(interval: $0, dueAt: start) }
  }

  /// The endpoints to start now, the longest due first. They are marked as started.
  mutating func take(at now: Instant) -> [Int] {
    let due = slots.indices.filter { slots[$0].startedAt == nil && slots[$0].dueAt <= now }
    guard !due.isEmpty else { return [] }
    let running = slots.compactMap(\.startedAt)
    let room = min(Self.mostYoung - running.count { now - $0 < Self.youth }, Self.most - running.count)
    let chosen = due.sorted { (slots[$0].dueAt, $0) < (slots[$1].dueAt, $1) }.prefix(max(0, room))
    for index in chosen { slots[index].startedAt = now }
    return Array(chosen)
  }

  /// The endpoint is due one interval after its previous due time. Missed polls are not repeated.
  mutating func finish(_ index: Int, at now: Instant) {
    slots[index].startedAt = nil
    let next = slots[index].dueAt + slots[index].interval
    slots[index].dueAt = next > now ? next : now + min(slots[index].interval, .milliseconds(100))
  }

  /// Sends no request before `instant`.
  mutating func postpone(_ index: Int, to instant: Instant) { slots[index].dueAt = max(slots[index].dueAt, instant) }

  /// Makes the endpoint due at `instant` if that is earlier than its interval.
  mutating func hasten(_ index: Int, to instant: Instant) { slots[index].dueAt = min(slots[index].dueAt, instant) }

  /// When the next request can start; `nil` if another one must end first.
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
