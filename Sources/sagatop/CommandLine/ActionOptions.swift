/// The options of the action commands such as `sagatop retry` and `compensate`, in the order of the help.
enum ActionOptions {
  private static let acting: Set<Invocation.Command> = [.retry, .compensate, .act]
  private static let running = acting.union([.runs])

  static let all: [Option] = [
    Option("filter", value: "EXPR", "what matches, such as status:stuck", commands: acting.union([.snapshot])) {
      (invocation, text) throws(UsageError) in
      guard invocation.filter == nil else {
        throw UsageError(message: "--filter: is given twice; write its words into one, separated by blanks")
      }
      invocation.filter = text
    },
    Option("reason", value: "TEXT", "why; stands in the audit log", commands: running) { $0.action.reason = $1 },
    Option("dry-run", "print the plan, and do nothing", commands: running) { invocation, _ in
      invocation.action.isDryRun = true
    },
    Option("yes", short: "y", "do it without asking", commands: running) { invocation, _ in
      invocation.action.isConfirmed = true
    },
    Option("confirm", value: "TEXT", "what a plan wants to be typed, with --yes", commands: running) {
      $0.action.typed = $1
    },
    Option("plan", value: "ID", "the plan that was looked at: another one is not run", commands: acting) {
      $0.action.planID = $1
    },
    Option("expect-count", value: "N", "how many it must be, or nothing is done", commands: acting) {
      (invocation, text) throws(UsageError) in
      invocation.action.expectedCount = try number(text, of: "--expect-count")
    },
    Option("rate", value: "N", "how many in a second, no more than is configured", commands: running) {
      (invocation, text) throws(UsageError) in
      invocation.action.rate = try number(text, of: "--rate")
    },
    Option("concurrency", value: "N", "how many at once, no more than is configured", commands: running) {
      (invocation, text) throws(UsageError) in
      invocation.action.concurrency = try number(text, of: "--concurrency")
    },
    Option("verbose", "print the whole plan", commands: running) { invocation, _ in
      invocation.action.isVerbose = true
    },
    Option("again", "also those that had it done, or are still watched", commands: acting) { invocation, _ in
      invocation.action.isAgain = true
    },
    Option("new-key", "leave the key of an unknown outcome behind", commands: acting) { invocation, _ in
      invocation.action.isNewKey = true
    },
    Option("intent", value: "ID", "only of this run, and of those that did its rest", commands: [.actions]) {
      $0.actions.intent = $1
    },
    Option("subject", value: "ID", "only on this saga, lock or message", commands: [.actions]) {
      $0.actions.subject = $1
    },
    Option("operator", value: "NAME", "only of operators whose name holds this", commands: [.actions]) {
      $0.actions.operator = $1
    },
  ]

  private static func number(_ text: String, of option: String) throws(UsageError) -> Int {
    guard let count = Int(text), count > 0 else {
      throw UsageError(message: "\(option): expected a number from 1 on, found `\(text)`")
    }
    return count
  }
}
