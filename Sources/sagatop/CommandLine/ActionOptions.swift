/// The options of `sagatop retry` and `compensate`, in the order of the help.
enum ActionOptions {
  private static let acting: Set<Invocation.Command> = [.retry, .compensate, .act]

  static let all: [Option] = [
    Option("filter", value: "EXPR", "what matches, such as status:stuck", commands: acting.union([.snapshot])) {
      (invocation, text) throws(UsageError) in
      guard invocation.filter == nil else {
        throw UsageError(message: "--filter: is given twice; write its words into one, separated by blanks")
      }
      invocation.filter = text
    },
    Option("reason", value: "TEXT", "why; stands in the audit log", commands: acting) { $0.action.reason = $1 },
    Option("dry-run", "print the plan, and do nothing", commands: acting) { invocation, _ in
      invocation.action.isDryRun = true
    },
    Option("yes", short: "y", "do it without asking", commands: acting) { invocation, _ in
      invocation.action.isConfirmed = true
    },
    Option("confirm", value: "TEXT", "what a plan wants to be typed, with --yes", commands: acting) {
      $0.action.typed = $1
    },
    Option("plan", value: "ID", "the plan that was looked at: another one is not run", commands: acting) {
      $0.action.planID = $1
    },
    Option("expect-count", value: "N", "how many it must be, or nothing is done", commands: acting) {
      (invocation, text) throws(UsageError) in
      guard let count = Int(text), count > 0 else {
        throw UsageError(message: "--expect-count: expected a number from 1 on, found `\(text)`")
      }
      invocation.action.expectedCount = count
    },
    Option("again", "also sagas whose last action is still watched", commands: acting) { invocation, _ in
      invocation.action.isAgain = true
    },
    Option("new-key", "leave the key of an unknown outcome behind", commands: acting) { invocation, _ in
      invocation.action.isNewKey = true
    },
  ]
}
