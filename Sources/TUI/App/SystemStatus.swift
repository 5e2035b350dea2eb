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

  /// Age of the last poll of the consumer groups or locks if it is older than expected; otherwise `nil`.
  var lagSilence: Duration? { silence(since: groups.readAt, took: groups.took) }
  var lockSilence: Duration? { silence(since: locks.readAt, took: locks.took) }

  /// A poll of a large cluster may be slow: up to three times its duration is accepted.
  private func silence(since readAt: Timestamp?, took: Duration?) -> Duration? {
    guard let readAt else { return nil }
    let age = header.now - readAt
    return age > max(Self.patience, (took ?? .zero) * 3) ? age : nil
  }

  /// A source without a response for longer is silent.
  private static let patience = Duration.seconds(10)

  /// Time since the last response of any of the sources that `isOf` selects, if all of them are silent or down; `nil` while one responds, or
  /// if none ever has.
  func silence(_ isOf: (SourceStatus) -> Bool) -> Duration? {
    let sources = header.sources.filter(isOf)
    guard let shortest = sources.compactMap({ $0.lastSuccess.map { header.now - $0 } }).min() else { return nil }
    return sources.allSatisfy { $0.phase == .down } || shortest > Self.patience ? shortest : nil
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

  /// `key` names the key of a command.
  func sentence(_ key: (Command) -> String?) -> String {
    let gone = missing > 0 ? "; \(Quantity.grouped(missing)) sagas of then are not kept" : ""
    let steps = [key(.past(.back)), key(.past(.forward))].compactMap(\.self).joined(separator: " and ")
    let live = key(.past(.live)) ?? ""
    return "the past, \(Quantity.age(age)) ago: \(steps) step, \(live) is live\(gone)"
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
