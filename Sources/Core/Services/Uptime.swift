/// In which share of the last hour's readings something answered.
struct Uptime {
  private static let buckets = 60
  private static let width: Int64 = 60_000_000_000

  /// One per minute.
  private var counts: [(minute: Int64, up: Int32, all: Int32)] = []

  mutating func add(_ isUp: Bool, at time: Timestamp) {
    let minute = time.nanoseconds / Self.width
    if counts.last?.minute != minute {
      if counts.count == Self.buckets { counts.removeFirst() }
      counts.append((minute, 0, 0))
    }
    counts[counts.count - 1].all &+= 1
    if isUp { counts[counts.count - 1].up &+= 1 }
  }

  /// `nil` before the first reading.
  func share(at now: Timestamp) -> Double? {
    let recent = counts.filter { $0.minute > now.nanoseconds / Self.width - Int64(Self.buckets) }
    let all = recent.reduce(0) { $0 + Int($1.all) }
    return all > 0 ? Double(recent.reduce(0) { $0 + Int($1.up) }) / Double(all) : nil
  }
}
