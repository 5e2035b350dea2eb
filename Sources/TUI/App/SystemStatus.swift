import Core
import Text

/// The system data that every view shows. Its lists are empty; only totals and counts are used.
package struct SystemStatus: Sendable {
  package var header: HeaderView
  /// The past time that is shown; `nil` while it is live.
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

  /// The type of all sagas; `nil` if there are several types.
  var onlyType: String? { overview.types.count == 1 ? overview.types[0].type : nil }

  var hasNoSagas: Bool { overview.total.counts == TypeView.Counts() && overview.evicted == 0 }

  /// Whether the last poll of the consumer groups is older than expected.
  var isLagStale: Bool { Self.isStale(readAt: groups.readAt, took: groups.took, now: header.now) }
  var isLocksStale: Bool { Self.isStale(readAt: locks.readAt, took: locks.took, now: header.now) }

  /// A poll of a large cluster may be slow: up to three times its duration is accepted.
  private static func isStale(readAt: Timestamp?, took: Duration?, now: Timestamp) -> Bool {
    guard let readAt else { return false }
    let poll = took ?? .zero
    return now - readAt > max(Staleness.patience, poll + poll + poll)
  }
}

/// The past time that is shown.
package struct PastMark: Sendable, Equatable {
  package var time: Timestamp
  /// Number of sagas of that time that are not stored any more.
  package var missing: Int
  /// Age at the last frame.
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

/// State of the replay, for the header.
package struct ReplayBadge: Sendable, Equatable {
  package enum Phase: Sendable, Equatable {
    /// Speed as a multiple of the recorded speed.
    case playing(Double)
    case paused
    /// Progress of the seek, 0 to 1; `nil` if unknown.
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

/// A temporary message in the last row: "copied 1007", or why a command was not understood.
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
