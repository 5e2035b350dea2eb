/// The options of the action commands such as `sagatop retry` and `compensate`, in the order of the help.
enum ActionOptions {
  private static let acting: Set<Invocation.Command> = [.retry, .compensate, .act]
  private static let running = acting.union([.runs])

  static let all: [Option] = [
    Option("filter", value: "EXPR", "select by filter, such as status:stuck", commands: acting.union([.snapshot])) {
      (invocation, text) throws(UsageError) in
      guard invocation.filter == nil else {
        throw UsageError(message: "--filter: given twice; combine the words in one filter, separated by spaces")
      }
      invocation.filter = text
    },
    Option("reason", value: "TEXT", "reason for the audit log", commands: running) { $0.action.reason = $1 },
    Option("dry-run", "print the plan and exit", commands: running) { invocation, _ in
      invocation.action.isDryRun = true
    },
    Option("yes", short: "y", "do not ask for confirmation", commands: running) { invocation, _ in
      invocation.action.isConfirmed = true
    },
    Option("confirm", value: "TEXT", "with --yes: the text that the plan asks for", commands: running) {
      $0.action.typed = $1
    },
    Option("plan", value: "ID", "run only the reviewed plan with this id", commands: acting) {
      $0.action.planID = $1
    },
    Option("expect-count", value: "N", "run only if exactly N match", commands: acting) {
      (invocation, text) throws(UsageError) in
      invocation.action.expectedCount = try number(text, of: "--expect-count")
    },
    Option("rate", value: "N", "requests per second, at most the configured rate", commands: running) {
      (invocation, text) throws(UsageError) in
      invocation.action.rate = try number(text, of: "--rate")
    },
    Option("concurrency", value: "N", "parallel requests, at most as configured", commands: running) {
      (invocation, text) throws(UsageError) in
      invocation.action.concurrency = try number(text, of: "--concurrency")
    },
    Option("verbose", "print all details of the plan", commands: running) { invocation, _ in
      invocation.action.isVerbose = true
    },
    Option("again", "include sagas with a previous or pending action", commands: acting) { invocation, _ in
      invocation.action.isAgain = true
    },
    Option("new-key", "use a new key after an unknown outcome", commands: acting) { invocation, _ in
      invocation.action.isNewKey = true
    },
    Option("intent", value: "ID", "only this run and its continuations", commands: [.actions]) {
      $0.actions.intent = $1
    },
    Option("subject", value: "ID", "only this saga, lock or message", commands: [.actions]) {
      $0.actions.subject = $1
    },
    Option("operator", value: "NAME", "only operators whose name contains this", commands: [.actions]) {
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
