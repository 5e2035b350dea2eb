/// One option: how it is written, what it does, and for which commands. Parsing, help and completion are all made from these.
struct Option: Sendable {
  var long: String
  var short: Character?
  /// What stands for the value in the help; `nil` for an option without one.
  var value: String?
  var help: String
  var commands: Set<Invocation.Command>
  var apply: @Sendable (inout Invocation, String) throws(UsageError) -> Void

  init(
    _ long: String, short: Character? = nil, value: String? = nil, _ help: String,
    commands: Set<Invocation.Command> = [.live, .snapshot, .why, .report, .ready],
    apply: @escaping @Sendable (inout Invocation, String) throws(UsageError) -> Void
  ) {
    self.long = long
    self.short = short
    self.value = value
    self.help = help
    self.commands = commands
    self.apply = apply
  }

  /// `-c, --config FILE`.
  var synopsis: String {
    (short.map { "-\($0), " } ?? "    ") + "--\(long)" + (value.map { " \($0)" } ?? "")
  }
}
