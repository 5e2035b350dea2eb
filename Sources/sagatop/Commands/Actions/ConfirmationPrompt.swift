import Core
import Glibc
import TUI

/// Asks the operator for confirmation on the terminal, or uses the options of the command line.
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

  /// `nil` if the plan was not confirmed. The reason has been printed.
  func answer(_ plan: ActionPlan) -> ActionConfirmation.Answer? {
    if let typed = options.typed, options.isConfirmed { return .option("--yes --confirm '\(typed)'", text: typed) }
    if options.isConfirmed { return scripted(plan) }
    guard isatty(STDIN_FILENO) == 1, isatty(STDERR_FILENO) == 1 else {
      Output.complain("nothing was done: without a terminal, --yes is needed")
      return nil
    }
    return ask(plan)
  }

  /// `--yes` confirms any number of sagas, but not a protected context, a completed saga, or a plan with concerns.
  private func scripted(_ plan: ActionPlan) -> ActionConfirmation.Answer? {
    guard let typed = plan.confirmation.typed else { return .option("--yes", text: nil) }
    let concerns = plan.confirmation.concerns.map(\.sentence)
    if case .typeCount = plan.confirmation.base, !isProtected, concerns.isEmpty {
      return .option("--yes", text: typed)
    }
    var reasons = concerns
    if isProtected { reasons.insert("the context \(plan.context) is protected", at: 0) }
    if case .typeEnding = plan.confirmation.base { reasons.insert("the saga has completed", at: 0) }
    Output.complain("nothing was done: \(reasons.joined(separator: "; ")), so --yes needs --confirm '\(typed)'")
    return nil
  }

  private func ask(_ plan: ActionPlan) -> ActionConfirmation.Answer? {
    // Discards input that was typed before the plan was shown.
    tcflush(STDIN_FILENO, TCIFLUSH)
    Output.write(Sanitizer.sanitized(question(plan)), to: STDERR_FILENO)
    guard let line = readLine() else { return refuse() }
    if let typed = plan.confirmation.typed { return line == typed ? .typed(line) : refuse() }
    return ["y", "Y", "yes"].contains(line) ? .yes : refuse()
  }

  private func question(_ plan: ActionPlan) -> String {
    let action = plan.action.rawValue
    guard let typed = plan.confirmation.typed else { return "\(action)? [y/N] " }
    guard plan.confirmation.concerns.isEmpty else { return "type `\(typed)` to \(action) all the same: " }
    if case .typeEnding = plan.confirmation.base { return "type the last characters of the id to \(action) it: " }
    return "type the number of \(plan.action.scope.noun)s to \(action) in \(plan.context): "
  }

  /// Asks whether to resume a paused run. False if there is no terminal.
  func goesOn(_ why: String) -> Bool {
    Output.complain("paused: \(why)")
    guard !options.isConfirmed, isatty(STDIN_FILENO) == 1, isatty(STDERR_FILENO) == 1 else { return false }
    tcflush(STDIN_FILENO, TCIFLUSH)
    Output.write("go on with the rest? [y/N] ", to: STDERR_FILENO)
    return ["y", "Y", "yes"].contains(readLine() ?? "")
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
