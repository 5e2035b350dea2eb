import Core
import Glibc
import TUI

/// Asks the operator on the terminal, or takes the answer from the command line.
struct ConfirmationPrompt {
  private static let longest = 256

  private let options: Invocation.ActionOptions
  private let isProtected: Bool
  private let interrupts: Interrupts

  init(options: Invocation.ActionOptions, isProtected: Bool, interrupts: Interrupts) {
    self.options = options
    self.isProtected = isProtected
    self.interrupts = interrupts
  }

  /// `nil` when the plan was not confirmed; the reason has been told.
  func answer(_ plan: ActionPlan) -> ActionConfirmation.Answer? {
    if let typed = options.typed, options.isConfirmed { return .typed(typed) }
    if options.isConfirmed { return scripted(plan) }
    guard isatty(STDIN_FILENO) == 1, isatty(STDERR_FILENO) == 1 else {
      Output.complain("nothing was done: without a terminal, --yes is needed")
      return nil
    }
    return ask(plan)
  }

  /// `--yes` says yes to any number of sagas, but not to a protected context or a saga that has completed.
  private func scripted(_ plan: ActionPlan) -> ActionConfirmation.Answer? {
    guard let typed = plan.confirmation.typed else { return .yes }
    if case .typeCount = plan.confirmation, !isProtected { return .typed(typed) }
    if case .typeWords = plan.confirmation {
      Output.complain("nothing was done: \(plan.concern ?? ""), so --yes needs --confirm '\(typed)'")
      return nil
    }
    let what = isProtected ? "the context \(plan.context) is protected" : "the saga has completed"
    Output.complain("nothing was done: \(what), so --yes needs --confirm \(typed)")
    return nil
  }

  private func ask(_ plan: ActionPlan) -> ActionConfirmation.Answer? {
    let question = plan.confirmation.typed.map { typed -> String in
      if case .typeWords = plan.confirmation { return "type `\(typed)` to \(plan.action.rawValue) all the same: " }
      return plan.items.count == 1 && plan.confirmation == .typeEnding(typed)
        ? "type the last characters of the id to \(plan.action.rawValue) it: "
        : "type the number of sagas to \(plan.action.rawValue) in \(plan.context): "
    }
    // What was typed while the plan was not there yet is no answer to it.
    tcflush(STDIN_FILENO, TCIFLUSH)
    Output.write(Sanitizer.sanitized(question ?? "\(plan.action.rawValue)? [y/N] "), to: STDERR_FILENO)
    guard let line = readLine() else { return refuse() }
    if plan.confirmation.typed != nil { return line == plan.confirmation.typed ? .typed(line) : refuse() }
    return ["y", "Y", "yes"].contains(line) ? .yes : refuse()
  }

  private func refuse() -> ActionConfirmation.Answer? {
    Output.complain("nothing was done")
    return nil
  }

  /// `nil` at the end of the input, or on a signal.
  private func readLine() -> String? {
    var bytes: [UInt8] = []
    while bytes.count < Self.longest {
      var waiting = [
        pollfd(fd: STDIN_FILENO, events: Int16(POLLIN), revents: 0),
        pollfd(fd: interrupts.descriptor, events: Int16(POLLIN), revents: 0),
      ]
      guard poll(&waiting, 2, -1) > 0 || errno == EINTR else { return nil }
      if interrupts.taken != nil { return nil }
      guard waiting[0].revents != 0 else { continue }
      var byte: UInt8 = 0
      guard read(STDIN_FILENO, &byte, 1) == 1 else { return nil }
      if byte == UInt8(ascii: "\n") { return String(decoding: bytes, as: UTF8.self) }
      bytes.append(byte)
    }
    return nil
  }
}
