/// How often something was done in a second.
struct Rate {
  var perSecond: Double

  /// The best of several runs: what disturbs a run only makes it slower. `body` returns how much it did.
  static func best(of runs: Int, _ body: () -> Int) -> Rate {
    var best = 0.0
    for _ in 0..<runs {
      let clock = ContinuousClock()
      let start = clock.now
      let count = body()
      let taken = start.duration(to: clock.now)
      best = max(best, Double(count) / (Double(taken.components.seconds) + Double(taken.components.attoseconds) / 1e18))
    }
    return Rate(perSecond: best)
  }
}
