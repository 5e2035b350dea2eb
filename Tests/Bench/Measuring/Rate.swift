import Glibc

/// The number of operations per second.
struct Rate {
  enum Clock {
    case wall
    /// CPU time of this thread.
    case thread
    /// CPU time of all threads of the process.
    case process

    private var number: clockid_t {
      switch self {
      case .wall: CLOCK_MONOTONIC
      case .thread: CLOCK_THREAD_CPUTIME_ID
      case .process: CLOCK_PROCESS_CPUTIME_ID
      }
    }

    var seconds: Double {
      var time = timespec()
      clock_gettime(number, &time)
      return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }
  }

  var perSecond: Double

  /// The best of several runs, because disturbances only make a run slower. `body` returns the number of operations.
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
