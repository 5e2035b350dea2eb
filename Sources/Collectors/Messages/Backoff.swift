/// How long to wait after failures that follow each other: twice as long each time, with a little chance in it, so that many that
/// failed together do not come back together.
struct Backoff {
  private let least: Duration
  private let most: Duration
  private var failures = 0

  init(from least: Duration = .seconds(1), to most: Duration = .seconds(30)) {
    self.least = least
    self.most = most
  }

  mutating func reset() { failures = 0 }

  /// Notes a failure. `chance` is from 0 to 1.
  mutating func next(chance: Double = .random(in: 0...1)) -> Duration {
    let wait = min(most, least * (1 << min(failures, 16)))
    failures += 1
    return wait * (0.8 + 0.2 * min(1, max(0, chance)))
  }
}
