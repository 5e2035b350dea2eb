/// How far a zone's clocks are ahead of UTC, from one change to the next.
package struct ZoneOffsets: Sendable, Equatable {
  /// As it was asked for: `America/New_York` or `+02:00`.
  package var name: String
  /// Seconds east of UTC before the first change.
  private let initial: Int64
  /// Instants in seconds since 1970, ascending, and the offset from each of them on.
  private let instants: [Int64]
  private let offsets: [Int64]

  /// `changes` in the order of their instants.
  package init(name: String, initial: Int64, changes: [(instant: Int64, offset: Int64)] = []) {
    self.name = name
    self.initial = initial
    instants = changes.map(\.instant)
    offsets = changes.map(\.offset)
  }

  package func offset(at instant: Int64) -> Int64 {
    var (low, high) = (0, instants.count)
    while low < high {
      let middle = (low + high) / 2
      if instants[middle] <= instant { low = middle + 1 } else { high = middle }
    }
    return low == 0 ? initial : offsets[low - 1]
  }

  /// The instant at which the zone's clocks show this many seconds since their own 1970. Of an hour that comes twice it is the first, and
  /// one that is left out counts as in winter.
  package func instant(ofLocal seconds: Int64) -> Int64 {
    let day: Int64 = 86_400
    let before = seconds &- offset(at: seconds &- day)
    if offset(at: before) == seconds &- before { return before }
    let after = seconds &- offset(at: seconds &+ day)
    return offset(at: after) == seconds &- after ? after : before
  }
}
