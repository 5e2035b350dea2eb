import CSystem
import Core
import Glibc
import Text

/// Runs programs with fixed arguments, without a shell. Blocks until the program exits or its timeout is over; then its process group is
/// killed.
enum CommandSender {
  struct Failure: Error {
    var message: String
  }

  /// `mask` hides secrets in the program's output.
  static func run(
    _ words: [String], _ intent: borrowing DurableIntent, mask: (String) -> String
  ) -> SendResult {
    let variable = "SAGATOP_IDEMPOTENCY_KEY=\(intent.request.idempotencyKey)"
    let outcome = outcome(of: words, variable: variable, timeout: intent.request.timeout, mask: mask)
    return SendResult(outcome: outcome, latency: .zero)
  }

  private static func outcome(
    of words: [String], variable: String, timeout: Duration, mask: (String) -> String
  ) -> ActionOutcome {
    switch ChildProgram.start(words, variables: [variable]) {
    case .failure(let failure): return .refused(status: nil, message: "not started: \(failure.message)")
    case .success(let child):
      let end = child.wait(timeout: timeout)
      switch end {
      case .late: return .unknown("`\(words[0])` was killed after \(Quantity.latency(timeout))\(said(child, mask))")
      case .killed(let signal): return .unknown("`\(words[0])` was ended by signal \(signal)\(said(child, mask))")
      case .exited(0): return .accepted(AnswerText.shortened(child.output.text, mask: mask))
      case .exited(let code):
        let words = child.errors.text.isEmpty ? child.output.text : child.errors.text
        return .refused(status: Int(code), message: AnswerText.shortened(words, mask: mask))
      }
    }
  }

  private static func said(_ child: ChildProgram, _ mask: (String) -> String) -> String {
    let words = AnswerText.shortened(child.errors.text.isEmpty ? child.output.text : child.errors.text, mask: mask)
    return words.isEmpty ? "" : ": \(words)"
  }

  /// The program's standard output if the exit status is 0.
  static func output(
    of words: [String], timeout: Duration, mask: (String) -> String
  ) -> Result<String, Failure> {
    switch ChildProgram.start(words, variables: []) {
    case .failure(let failure): return .failure(Failure(message: failure.message))
    case .success(let child):
      guard case .exited(0) = child.wait(timeout: timeout) else {
        return .failure(Failure(message: "failed: \(AnswerText.shortened(child.errors.text, mask: mask))"))
      }
      return .success(child.output.text)
    }
  }
}
