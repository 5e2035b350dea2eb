/// The lag of one partition in the latest readings, oldest first.
struct LagWindow: Sendable {
  static let capacity = 30
  /// As many as a slope is taken from: all pairs of these.
  private static let slopeSamples = 12
  /// A slope of fewer is chance.
  static let minSamples = 5

  private(set) var samples: [(time: Timestamp, lag: Int64)] = []

  mutating func add(_ lag: Int64, at time: Timestamp) {
    if samples.count == Self.capacity { samples.removeFirst() }
    samples.append((time, lag))
  }

  mutating func removeAll() { samples.removeAll(keepingCapacity: true) }

  var span: Duration {
    guard let first = samples.first, let last = samples.last else { return .zero }
    return last.time - first.time
  }

  /// Messages per second by which the lag grows: the median of the slopes between all pairs of readings (Theil 1950, Sen 1968), which
  /// a group that commits in bursts does not mislead. `nil` with too few readings.
  var slope: Double? {
    guard samples.count >= Self.minSamples else { return nil }
    let step = (samples.count + Self.slopeSamples - 1) / Self.slopeSamples
    // Counted from the end, so that the newest reading is among them.
    let chosen = stride(from: samples.count - 1, through: 0, by: -step).map { samples[$0] }
    var slopes: [Double] = []
    for (index, later) in chosen.enumerated() {
      for earlier in chosen[(index + 1)...] {
        let seconds = (later.time - earlier.time).seconds
        if seconds > 0 { slopes.append(Double(later.lag - earlier.lag) / seconds) }
      }
    }
    return Self.median(of: &slopes)
  }

  private static func median(of values: inout [Double]) -> Double? {
    guard !values.isEmpty else { return nil }
    values.sort()
    let middle = values.count / 2
    return values.count % 2 == 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2
  }
}
