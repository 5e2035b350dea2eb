import Core
import Text

/// What every screen shows of the system, whichever view is in front. Its lists are empty.
package struct SystemStatus: Sendable {
  package var header: HeaderView
  /// `nil` while it is live.
  var past: PastMark?
  package var overview = OverviewView(total: TypeView(type: ""))
  package var groups = GroupList()
  package var locks = LockList()

  package init(header: HeaderView) {
    self.header = header
  }

  init(_ source: any ContentSource, now: Timestamp) {
    header = source.header(now: now)
    overview = source.overview(limit: 0, now: now)
    groups = source.groups(GroupQuery(limit: 0), now: now)
    locks = source.locks(LockQuery(limit: 0), now: now)
  }

  /// Of all sagas, where there is only one.
  var onlyType: String? { overview.types.count == 1 ? overview.types[0].type : nil }

  var hasNoSagas: Bool { overview.total.counts == TypeView.Counts() && overview.evicted == 0 }

  /// The last poll of the consumer groups is older than polls are.
  var isLagStale: Bool { Self.isStale(readAt: groups.readAt, took: groups.took, now: header.now) }
  var isLocksStale: Bool { Self.isStale(readAt: locks.readAt, took: locks.took, now: header.now) }

  /// A poll may take long on a large cluster: then its sample may be older.
  private static func isStale(readAt: Timestamp?, took: Duration?, now: Timestamp) -> Bool {
    guard let readAt else { return false }
    let poll = took ?? .zero
    return now - readAt > max(Staleness.patience, poll + poll + poll)
  }
}

/// That a moment of the past is shown.
package struct PastMark: Sendable, Equatable {
  package var time: Timestamp
  /// Sagas of then that are not kept any more.
  package var missing: Int
  /// As of the last frame.
  package var age: Duration

  package init(_ time: Timestamp, missing: Int = 0, age: Duration = .zero) {
    self.time = time
    self.missing = missing
    self.age = age
  }

  var sentence: String {
    let gone = missing > 0 ? "; \(Quantity.grouped(missing)) sagas of then are not kept" : ""
    return "the past, \(Quantity.age(age)) ago: [ and ] step, L is live\(gone)"
  }
}

/// What the header says of the recording that is shown in place of a live system.
package struct ReplayBadge: Sendable, Equatable {
  package enum Phase: Sendable, Equatable {
    /// Factor of the recorded speed.
    case playing(Double)
    case paused
    /// While seeking: the share that is done, 0 to 1; `nil` when not known.
    case seeking(Double?)
    case ended
  }

  package var phase: Phase

  package init(_ phase: Phase) {
    self.phase = phase
  }

  /// `replay 14:03:22 ×10`.
  func text(clock: String, glyphs: Glyphs) -> String {
    switch phase {
    case .playing(let speed): "replay \(clock) \(glyphs == .ascii ? "x" : "×")\(Self.number(speed))"
    case .paused: "replay \(clock) paused"
    case .seeking(let share): "replay \(clock) seeking" + (share.map { " \(Int(max(0, min(1, $0)) * 100)) %" } ?? "")
    case .ended: "replay \(clock) end"
    }
  }

  private static func number(_ speed: Double) -> String {
    speed == speed.rounded() ? String(Int(max(0, min(speed, 1e6)))) : "\(speed)"
  }
}

/// A line at the foot of the screen that goes away by itself: "copied 1007", or why a command was not understood.
package struct Notice: Sendable, Equatable {
  package static let lifetime = Duration.seconds(4)

  package var text: String
  package var isError: Bool
  package var until: Timestamp

  package init(_ text: String, isError: Bool = false, now: Timestamp) {
    self.text = text
    self.isError = isError
    until = now + (isError ? Self.lifetime + Self.lifetime : Self.lifetime)
  }
}
