import CSystem
import Core
import Glibc

/// Runs programs with fixed arguments, without a shell. Blocks until the program has ended or its time is over; then its whole process
/// group is killed.
enum CommandSender {
  struct Failure: Error {
    var message: String
  }

  static func run(_ words: [String], key: String, timeout: Duration) -> ActionAnswer {
    let variable = "SAGATOP_IDEMPOTENCY_KEY=\(key)"
    return ActionAnswer(outcome: outcome(of: words, variable: variable, timeout: timeout), latency: .zero)
  }

  private static func outcome(of words: [String], variable: String, timeout: Duration) -> ActionOutcome {
    switch ChildProgram.start(words, variables: [variable]) {
    case .failure(let failure): return .refused(status: nil, message: "not started: \(failure.message)")
    case .success(let child):
      let end = child.wait(timeout: timeout)
      switch end {
      case .late: return .unknown("`\(words[0])` was killed after \(Quantity.latency(timeout))\(said(child))")
      case .killed(let signal): return .unknown("`\(words[0])` was ended by signal \(signal)\(said(child))")
      case .exited(0): return .accepted(AnswerText.shortened(child.output.text))
      case .exited(let code):
        let words = child.errors.text.isEmpty ? child.output.text : child.errors.text
        return .refused(status: Int(code), message: AnswerText.shortened(words))
      }
    }
  }

  private static func said(_ child: ChildProgram) -> String {
    let words = AnswerText.shortened(child.errors.text.isEmpty ? child.output.text : child.errors.text)
    return words.isEmpty ? "" : ": \(words)"
  }

  /// What a program prints, when it ends well.
  static func output(of words: [String], timeout: Duration) -> Result<String, Failure> {
    switch ChildProgram.start(words, variables: []) {
    case .failure(let failure): return .failure(Failure(message: failure.message))
    case .success(let child):
      guard case .exited(0) = child.wait(timeout: timeout) else {
        return .failure(Failure(message: "did not end well: \(AnswerText.shortened(child.errors.text))"))
      }
      return .success(child.output.text)
    }
  }
}
