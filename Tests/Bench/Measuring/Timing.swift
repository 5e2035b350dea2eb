import Glibc
import TestSupport

/// Durations of several runs of the same operation.
struct Timing {
  let runs: [Duration]

  init(_ runs: [Duration]) { self.runs = runs.sorted() }

  init(runs: Int, _ body: () throws -> Void) rethrows {
    let clock = ContinuousClock()
    var times: [Duration] = []
    for _ in 0..<runs { times.append(try clock.measure(body)) }
    self.init(times)
  }

  /// CPU time of this thread per run.
  static func ofThread(runs: Int, _ body: () -> Void) -> Timing {
    Timing((0..<runs).map { _ in ofThread(body) })
  }

  static func ofThread(_ body: () -> Void) -> Duration {
    let start = Rate.Clock.thread.seconds
    body()
    return .seconds(Rate.Clock.thread.seconds - start)
  }

  var median: Duration { runs[runs.count / 2] }

  static func text(_ duration: Duration) -> String {
    let milliseconds = Int(duration / .milliseconds(1))
    return milliseconds < 10_000 ? "\(milliseconds) ms" : "\(milliseconds / 1000) s"
  }

  static func fine(_ duration: Duration) -> String { "\((duration / .milliseconds(1) * 100).rounded() / 100) ms" }

  /// The median, and the range if there are several runs.
  var text: String {
    runs.count == 1
      ? Self.text(median) : "\(Self.text(median)) (\(Self.text(runs[0])) … \(Self.text(runs[runs.count - 1])))"
  }
}

/// Runs a program to its end, without input or output. Throws if it is killed by a signal, or, unless `mayFail`, if its exit status is not
/// 0.
func runToEnd(_ words: [String], mayFail: Bool = false) throws {
  let null = open("/dev/null", O_RDWR | O_CLOEXEC)
  defer { close(null) }
  let pid = Child.start(words, streams: null)
  guard pid > 0 else { throw TestFailure("\(words[0]) does not start") }
  var status: Int32 = 0
  waitpid(pid, &status, 0)
  guard status == 0 || mayFail && status & 0x7f == 0 else {
    throw TestFailure("\(words.joined(separator: " ")) ends with \(status >> 8)")
  }
}
