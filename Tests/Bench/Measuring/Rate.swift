import Glibc

/// How often something was done in a second.
struct Rate {
  enum Clock {
    case wall
    /// What this thread used of a core, whoever else wants it.
    case thread

    var seconds: Double {
      var time = timespec()
      clock_gettime(self == .wall ? CLOCK_MONOTONIC : CLOCK_THREAD_CPUTIME_ID, &time)
      return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }
  }

  var perSecond: Double

  /// The best of several runs: what disturbs a run only makes it slower. `body` returns how much it did.
  static func best(of runs: Int, by clock: Clock, _ body: () -> Int) -> Rate {
    var best = 0.0
    for _ in 0..<runs {
      let start = clock.seconds
      let count = body()
      best = max(best, Double(count) / (clock.seconds - start))
    }
    return Rate(perSecond: best)
  }
}
