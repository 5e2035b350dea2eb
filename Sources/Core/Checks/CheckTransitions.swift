/// Detects lasting state changes of checks, snapshot by snapshot.
///
/// A state counts after several consecutive snapshots, so a flapping check causes no reports. A check that is ok from the start is not
/// reported. Above the rate limit changes wait; the state at the time of the report is then reported.
package struct CheckTransitions: Sendable {
  package struct Change: Sendable, Equatable {
    package var check: String
    package var measure: String
    package var unit: String
    /// `nil` if no state was reported before.
    package var from: CheckState?
    package var to: CheckState
    /// `nil` if unknown.
    package var value: Double?
    package var detail: String
    package var at: Timestamp
  }

  private struct Track {
    var told: CheckState?
    var state: CheckState
    var count = 0
  }

  /// The time window of the rate limit.
  package static let window = Duration.seconds(600)

  private let after: Int
  private let most: Int
  private var tracks: [String: Track] = [:]
  private var toldAt: [Timestamp] = []
  /// Number of changes that currently wait because of the rate limit.
  package private(set) var waiting = 0

  /// `after`: number of consecutive snapshots; `most`: maximum changes in ten minutes. Both at least 1.
  package init(after: Int, most: Int) {
    self.after = after
    self.most = most
  }

  /// Continues with the reported states and the rate limit of `former`: a change of the configuration is not news of a check.
  package mutating func follow(_ former: CheckTransitions) {
    tracks = former.tracks.mapValues { Track(told: $0.told, state: $0.state) }
    toldAt = former.toldAt
  }

  /// The changes that this snapshot confirms.
  package mutating func take(_ results: [CheckResult], now: Timestamp) -> [Change] {
    toldAt.removeAll { now - $0 >= Self.window }
    waiting = 0
    return results.compactMap { take($0, now) }
  }

  private mutating func take(_ result: CheckResult, _ now: Timestamp) -> Change? {
    let name = result.check.name
    var track = tracks[name] ?? Track(state: result.state)
    track.count = track.state == result.state ? min(track.count + 1, after) : 1
    track.state = result.state
    defer { tracks[name] = track }
    guard track.count >= after, track.told != track.state else { return nil }
    if track.told == nil, track.state == .ok {
      track.told = .ok
      return nil
    }
    guard toldAt.count < most else {
      waiting += 1
      return nil
    }
    toldAt.append(now)
    let from = track.told
    track.told = track.state
    return Change(
      check: name, measure: result.check.measure.text, unit: result.check.measure.unit.rawValue, from: from,
      to: result.state, value: result.measured.value, detail: result.measured.detail, at: now)
  }
}
