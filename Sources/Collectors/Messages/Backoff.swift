/// Delay after consecutive failures: doubled each time, with a random part so that clients that failed together do not retry together.
struct Backoff {
  private let least: Duration
  private let most: Duration
  private var failures = 0

  init(from least: Duration = .seconds(1), to most: Duration = .seconds(30)) {
    self.least = least
    self.most = most
  }

  mutating func reset() { failures = 0 }

  /// Records a failure and returns the delay. `chance` is from 0 to 1.
  mutating func next(chance: Double = .random(in: 0...1)) -> Duration {
    let wait = min(most, least * (1 << min(failures, 16)))
    failures += 1
    return wait * (0.8 + 0.2 * min(1, max(0, chance)))
  }
}
