import Glibc

/// A program that is run once for what it does. No shell reads its words. Blocks.
package enum ProgramCall {
  /// `variables` (`NAME=value`) are added to the environment. Returns why it did not work; `nil` where it ended with 0. After `timeout` it is
  /// killed, with what it has started.
  package static func run(_ words: [String], variables: [String], timeout: Duration) -> String? {
    let name = words.first ?? ""
    switch ChildProgram.start(words, variables: variables) {
    case .failure(let failure): return failure.message
    case .success(let child):
      switch child.wait(timeout: timeout) {
      case .exited(0): return nil
      case .exited(let code): return "`\(name)` ended with \(code)"
      case .killed(let signal): return "`\(name)` was killed by signal \(signal)"
      case .late: return "`\(name)` did not end in time"
      }
    }
  }
}
