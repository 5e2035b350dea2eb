/// What a consumer group does about its lag, after LinkedIn's Burrow, from good to bad.
package enum LagVerdict: String, Sendable, CaseIterable, Comparable {
  /// It reads, and its lag is allowed or does not grow.
  case ok
  /// It never committed here.
  case none
  /// Not known, or not yet seen for long enough to judge.
  case unknown
  /// It reads, but its lag grows.
  case warning
  /// Its commit went back.
  case rewound
  /// The log was made anew: its end went back.
  case recreated
  /// Messages that it had not read were deleted: its commit lies before the log's start.
  case truncated
  /// It has members and messages, and its commit does not move.
  case stalled
  /// Nothing commits any more while messages wait, and who its members are is not known.
  case stopped
  /// It has no members while messages wait.
  case empty

  package static func < (left: LagVerdict, right: LagVerdict) -> Bool { left.severity < right.severity }

  private var severity: Int { Self.allCases.firstIndex(of: self) ?? 0 }

  /// Needs a person.
  package var isTrouble: Bool { self > .warning }
}
