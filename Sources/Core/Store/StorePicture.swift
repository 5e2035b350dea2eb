/// The data of a store at one instant that events cannot restore later: sources, groups, locks, services, pods, and the displayed sums. The
/// sagas of that instant are derived from their events.
package struct StorePicture: Sendable {
  /// Maximum number of partitions of logs and groups together. With more, no picture is taken.
  private static let mostPartitions = 60_000

  package let time: Timestamp
  fileprivate let overview: OverviewView
  fileprivate let sources: [String: SourceStatus]
  fileprivate var lag: LagState.Picture
  fileprivate var locks: LockState
  fileprivate var services: ServiceState
  fileprivate let pods: PodState
  fileprivate let received: Int
  /// Approximate size in bytes.
  package private(set) var bytes = 0

  fileprivate init(_ state: inout StoreState, at time: Timestamp) {
    self.time = time
    overview = state.overview(limit: 0, now: time)
    (sources, lag, locks, services, pods) = (state.sources, state.lag.picture, state.locks, state.services, state.pods)
    received = state.received
  }

  /// Removes data that is only needed to process later samples. `nil` if there are too many partitions.
  fileprivate consuming func thinned() -> StorePicture? {
    guard lag.parts <= Self.mostPartitions else { return nil }
    lag.thin()
    locks.thin()
    services.thin()
    bytes =
      2000 + 1500 * (overview.types.count + sources.count) + lag.bytes + locks.bytes + services.bytes + pods.bytes
    return self
  }
}

/// Pictures of the last hour, limited in number and size. The gaps between older pictures are larger.
package struct PictureHistory: Sendable {
  package static let span = Duration.seconds(3600)
  package static let interval = Duration.seconds(10)
  static let most = 120
  package static let mostBytes = 32 << 20

  /// Oldest first.
  package private(set) var pictures: [StorePicture] = []
  package private(set) var bytes = 0
  private let mostBytes: Int

  package init(mostBytes: Int = PictureHistory.mostBytes) { self.mostBytes = mostBytes }

  package mutating func add(_ picture: StorePicture) {
    // After the clock was set back, pictures with a later time are removed.
    while let last = pictures.last, last.time >= picture.time { remove(at: pictures.count - 1) }
    pictures.append(picture)
    bytes += picture.bytes
    while let first = pictures.first, picture.time - first.time > Self.span { remove(at: 0) }
    while pictures.count > Self.most || bytes > mostBytes, let place = leastMissed(at: picture.time) {
      remove(at: place)
    }
  }

  /// Index of the picture whose removal leaves the smallest gap relative to its age. Of one or two pictures, the oldest; `nil` if there is
  /// none.
  private func leastMissed(at now: Timestamp) -> Int? {
    guard pictures.count > 2 else { return pictures.isEmpty ? nil : 0 }
    return (1..<pictures.count - 1).min { gap(at: $0, now) < gap(at: $1, now) }
  }

  private func gap(at place: Int, _ now: Timestamp) -> Double {
    (pictures[place + 1].time - pictures[place - 1].time).seconds / (now - pictures[place].time).seconds
  }

  private mutating func remove(at place: Int) { bytes -= pictures.remove(at: place).bytes }

  package func last(before instant: Timestamp) -> StorePicture? { pictures.last { $0.time < instant } }
  package func first(after instant: Timestamp) -> StorePicture? { pictures.first { $0.time > instant } }
}

/// The data sources of a store that shows a past instant of a live store.
struct PastOfStore: Sendable {
  let picture: StorePicture
  /// Provides the texts of messages, the traces, and the outcomes of actions.
  let live: Store
}

extension PastOfStore {
  /// The sums as shown at that instant, with the sagas of `kept`.
  func overview(_ kept: OverviewView) -> OverviewView {
    var view = picture.overview
    view.sagas = kept.sagas
    return view
  }
}

extension Store {
  /// To be called every `PictureHistory.interval`. Holds the lock only briefly, but takes as long as copying all partitions. `nil` if there
  /// are too many partitions.
  package func picture(now: Timestamp) -> StorePicture? {
    view(at: now) { StorePicture(&$0, at: now) }.thinned()
  }

  /// A store with the state of this store at the picture's time. Sagas are derived from the events up to then that are known now, and have
  /// the same handles; all other data is as it was read. The result does not change later. Takes as long as deriving every retained saga.
  /// `nil` if `isOver` returns `true` meanwhile.
  package func past(_ picture: StorePicture, isOver: () -> Bool = { false }) -> Store? {
    let past = Store(pastOf: self, picture)
    let (learned, rest) = read { ($0.sagas.stepDeadlines, PastRest($0, until: picture.time)) }
    past.fold { $0.sagas.stepDeadlines = learned }
    var recent = RecentGatherer(rest.undecoded)
    var start = 0
    while let cuts = read({ $0.sagas.cuts(from: start, at: picture.time) }) {
      if isOver() { return nil }
      start += SagaState.cutAtOnce
      for cut in cuts { recent.add(cut) }
      past.fold { state in
        for cut in cuts { state.sagas.take(cut) }
        state.deriveChanged(at: picture.time)
      }
    }
    past.fold { state in
      // `learned` already includes the durations of these sagas.
      state.sagas.stepDeadlines = learned
      state.show(picture, rest, recent.latest)
    }
    return past
  }

  /// For a store that shows the past: number of sagas that were counted then but are no longer retained. Otherwise 0.
  package var missingSagas: Int {
    guard let past else { return 0 }
    return max(0, past.picture.overview.total.counts.sagas - read { $0.sagas.count })
  }
}

extension TypeView.Counts {
  var sagas: Int { running + completed + compensating + compensated + failed + declined + ended }
}

/// Data of the live store that has timestamps, up to an instant.
private struct PastRest: Sendable {
  let historyStart: Timestamp?
  var changes: ChangeLog
  let actions: [ActionRecord]
  let coverage: EventCoverage
  let undecodedCounts: UndecodedCounts
  let undecoded: [RecentEvents.Entry]

  init(_ state: borrowing StoreState, until instant: Timestamp) {
    historyStart = state.historyStart
    changes = state.changes
    changes.cut(at: instant)
    actions = state.actions.latest.filter { $0.intendedAt <= instant }.reversed()
    (coverage, undecodedCounts) = (state.coverage, state.undecoded)
    var entries: [RecentEvents.Entry] = []
    state.recent.walk { if $0.saga == nil, $0.record.time <= instant { entries.append($0) } }
    undecoded = entries
  }
}

/// Collects the latest events.
private struct RecentGatherer {
  private static let most = 5000
  private var entries: [RecentEvents.Entry]

  init(_ entries: [RecentEvents.Entry]) { self.entries = entries }

  mutating func add(_ cut: SagaCut) {
    for record in cut.events.records {
      entries.append(
        .init(
          record: record, details: cut.events.details(of: record), saga: cut.handle, definition: cut.definition,
          undecoded: nil))
    }
    if entries.count > 4 * Self.most { entries = latest }
  }

  /// At most `most` events, latest last.
  var latest: [RecentEvents.Entry] { entries.sorted { $0.record.time < $1.record.time }.suffix(Self.most) }
}

extension StoreState {
  fileprivate mutating func show(_ picture: StorePicture, _ rest: PastRest, _ latest: [RecentEvents.Entry]) {
    (sources, locks, services, pods) = (picture.sources, picture.locks, picture.services, picture.pods)
    lag.show(picture.lag)
    received = picture.received
    (historyStart, changes) = (rest.historyStart, rest.changes)
    (coverage, undecoded) = (rest.coverage, rest.undecodedCounts)
    for record in rest.actions { actions.fold(record) }
    for entry in latest { recent.append(entry) }
    (sagas.evicted, sagas.evictedOpen) = (picture.overview.evicted, picture.overview.evictedOpen)
    orderListsByTime()
    while !advance(to: picture.time) {}
  }
}

extension SagaState {
  static let cutAtOnce = 256

  /// The sagas of at most `cutAtOnce` slots from `start` on, as of `instant`; `nil` after the last slot.
  func cuts(from start: Int, at instant: Timestamp) -> [SagaCut]? {
    guard start < slots.count else { return nil }
    return slots[start..<min(start + Self.cutAtOnce, slots.count)].compactMap { $0.flatMap { $0.cut(at: instant) } }
  }

  /// Adds a saga. Must be called in the order of the slots.
  mutating func take(_ cut: SagaCut) {
    let saga = Saga(cut)
    while slots.count < Int(cut.handle.slot) {
      freeSlots.append(Int32(slots.count))
      slots.append(nil)
    }
    slots.append(saga)
    for key in saga.keys { enter(key, of: saga) }
    for other in cut.absorbed { followers[other] = cut.handle }
    if let parent = cut.parent { family.enter(cut.handle.slot, parent: parent) }
    if let last = cut.events.records.last { activity[cut.definition].note(last.time) }
    saga.isAdmitted = true
    deriveLater(saga)
  }
}
