import Configuration
import Core
import Reports
import TUI

/// All options, in the order of the help.
enum Options {
  static let all: [Option] = sources + screen + snapshot + action + RecordingOptions.options + general

  /// All that read the system.
  private static let watching: Set<Invocation.Command> = [
    .live, .snapshot, .why, .report, .retry, .compensate, .record, .replay,
  ]
  private static let acting: Set<Invocation.Command> = [.retry, .compensate]

  private static let sources: [Option] = [
    Option("config", short: "c", value: "FILE", "configuration file", commands: watching) {
      $0.overrides.configuration = $1
    },
    Option("context", value: "NAME", "context of the configuration", commands: watching) { $0.overrides.context = $1 },
    Option(
      "preset", value: "NAME", "\(Presets.names.joined(separator: ", ")) or a file",
      commands: watching
    ) {
      $0.overrides.preset = $1
    },
    Option("brokers", value: "LIST", "Kafka brokers, host:port, separated by commas", commands: watching) {
      $0.overrides.brokers = $1
    },
    Option("redis", value: "URL", "Redis servers whose locks are watched") {
      $0.overrides.redis = $1
    },
    Option("service", value: "NAME=URL", "where a service tells its health; repeatable") {
      (invocation, text) throws(UsageError) in
      invocation.overrides.services.append(try service(text))
    },
    Option("server", value: "URL", "where paths of documents and services start", commands: watching) {
      $0.overrides.server = $1
    },
    Option("since", value: "AGE", "how far back to read, such as 15m (default: all)", commands: watching) {
      (invocation, text) throws(UsageError) in
      invocation.overrides.since = try duration(text, of: "--since")
    },
    Option("read-only", "nothing that changes the system is possible", commands: watching) { invocation, _ in
      invocation.overrides.isReadOnly = true
    },
  ]

  private static let screen: [Option] = [
    Option("theme", value: "NAME", "colours of the screen") { $0.overrides.theme = $1 },
    Option("ascii", "draw with ASCII characters only") { invocation, _ in invocation.overrides.isASCII = true },
    Option("no-color", "no colours") { invocation, _ in invocation.overrides.hasColor = false },
    Option("no-mouse", "leave the mouse to the terminal", commands: [.live]) { invocation, _ in
      invocation.overrides.hasMouse = false
    },
    Option("log", value: "FILE", "where libraries' messages go (default: nowhere)") { $0.overrides.log = $1 },
  ]

  private static let snapshot: [Option] = [
    Option(
      "output", short: "o", value: "FORMAT", "how it is printed",
      commands: [.snapshot, .why, .report, .retry, .compensate, .actions]
    ) {
      (invocation, text) throws(UsageError) in
      invocation.format = try word(text, of: "--output", Invocation.Format.self)
    },
    Option("sections", value: "LIST", "sources, sagas, lag, locks, services, compensations", commands: [.snapshot]) {
      (invocation, text) throws(UsageError) in
      var sections: Set<SnapshotSection> = []
      for name in text.split(separator: ",") {
        sections.insert(try word(String(name), of: "--sections", SnapshotSection.self))
      }
      if sections.isEmpty { throw UsageError(message: "--sections: expected at least one section") }
      invocation.sections = sections
    },
    Option("view", value: "NAME", "the view that the picture shows (default overview)", commands: [.snapshot]) {
      $0.view = $1
    },
    Option("saga", value: "ID", "the saga that the picture shows", commands: [.snapshot]) {
      $0.saga = $1
      $0.view = "saga"
    },
    Option("size", value: "WxH", "columns and rows of the picture (default 120x40)", commands: [.snapshot]) {
      (invocation, text) throws(UsageError) in
      invocation.size = try size(text)
    },
    Option("color", "for -o screen: with colours", commands: [.snapshot]) { invocation, _ in
      invocation.hasScreenColor = true
    },
    Option(
      "timeout", value: "TIME", "how long the reading may take (default 10s)",
      commands: [.snapshot, .why, .report, .retry, .compensate]
    ) {
      (invocation, text) throws(UsageError) in
      invocation.timeout = try duration(text, of: "--timeout")
    },
    Option("to", value: "FILE", "write to a file, whole or not at all", commands: [.snapshot, .why, .report]) {
      (invocation, text) throws(UsageError) in
      if text.isEmpty { throw UsageError(message: "--to: expected a file's name") }
      invocation.output = text
    },
  ]

  private static let action: [Option] = [
    Option("filter", value: "EXPR", "all sagas that match, such as 'status:stuck type:order'", commands: acting) {
      $0.action.filter = $1
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
  ]

  private static let general: [Option] = [
    Option("help", short: "h", "this text", commands: Set(Invocation.Command.allCases)) { invocation, _ in
      invocation.topic = invocation.command
      invocation.command = .help
    },
    Option("version", short: "V", "the version", commands: Set(Invocation.Command.allCases)) { invocation, _ in
      invocation.command = .version
    },
  ]

  private static func service(_ text: String) throws(UsageError) -> Overrides.Service {
    let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: true)
    guard parts.count == 2, text.first != "=" else {
      throw UsageError(message: "--service: expected NAME=URL such as payment=http://host:8085/health")
    }
    return Overrides.Service(name: String(parts[0]), url: String(parts[1]))
  }

  private static func duration(_ text: String, of option: String) throws(UsageError) -> Duration {
    if let duration = DurationText.parse(text) { return duration }
    throw UsageError(message: "\(option): expected a duration such as 30s or 15m, found `\(text)`")
  }

  private static func word<Value: RawRepresentable & CaseIterable>(
    _ text: String, of option: String, _: Value.Type
  ) throws(UsageError) -> Value where Value.RawValue == String {
    if let value = Value(rawValue: text) { return value }
    let words = Value.allCases.map(\.rawValue)
    let hint = NearestWord.hint(text, among: words)
    throw UsageError(message: "\(option): expected \(words.joined(separator: ", ")), found `\(text)`\(hint)")
  }

  private static func size(_ text: String) throws(UsageError) -> Size {
    let parts = text.split(separator: "x", omittingEmptySubsequences: false).map { Int($0) }
    guard parts.count == 2, let columns = parts[0], let rows = parts[1], (1...1000).contains(columns),
      (1...1000).contains(rows)
    else { throw UsageError(message: "--size: expected columns and rows such as 120x40, found `\(text)`") }
    return Size(columns: columns, rows: rows)
  }
}
