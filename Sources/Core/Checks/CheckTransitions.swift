/// Finds out which checks have changed their state for good, picture by picture.
///
/// A state counts once several pictures in a row show it, so that a check that goes to and fro is quiet. A check that is ok from the start
/// is no news. Where too many changes come, the rest waits: what it has come to by then is told later.
package struct CheckTransitions: Sendable {
  package struct Change: Sendable, Equatable {
    package var check: String
    package var measure: String
    package var unit: String
    /// `nil` where nothing was told of it before.
    package var from: CheckState?
    package var to: CheckState
    /// `nil` is unknown.
    package var value: Double?
    package var detail: String
    package var at: Timestamp
  }

  private struct Track {
    var told: CheckState?
    var state: CheckState
    var count = 0
  }

  /// Over which the changes that are told are limited.
  package static let window = Duration.seconds(600)

  private let after: Int
  private let most: Int
  private var tracks: [String: Track] = [:]
  private var toldAt: [Timestamp] = []
  /// Changes that wait at the moment, because too many were told.
  package private(set) var waiting = 0

  /// `after`: pictures in a row; `most`: changes in ten minutes. Both from 1 on.
  package init(after: Int, most: Int) {
    self.after = after
    self.most = most
  }

  /// The changes that one picture completes.
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
