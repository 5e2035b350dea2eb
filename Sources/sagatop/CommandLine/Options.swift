import Configuration
import Core
import Reports
import TUI

/// All options, in the order of the help.
enum Options {
  static let all: [Option] =
    sources + replayed(screen) + SnapshotOptions.all + looking + ActionOptions.all + RecordingOptions.all
    + AggregationOptions.all + general

  private static let sources: [Option] = watching([
    Option("config", short: "c", value: "FILE", "configuration file") { $0.overrides.configuration = $1 },
    Option("context", value: "NAME", "context of the configuration") { $0.overrides.context = $1 },
    Option("preset", value: "NAME", "saga definitions: a shipped name, a file, or none") {
      $0.overrides.preset = $1
    },
    Option("brokers", value: "LIST", "Kafka brokers, host:port, comma-separated") { $0.overrides.brokers = $1 },
    Option("redis", value: "URL", "Redis servers whose locks are watched") {
      $0.overrides.redis = $1
    },
    Option("schema-registry", value: "URL", "schema registry for Avro and Protobuf") {
      $0.overrides.schemaRegistry = $1
    },
    Option("service", value: "NAME=URL", "a service and its health URL; repeatable") {
      (invocation, text) throws(UsageError) in
      invocation.overrides.services.append(try service(text))
    },
    Option("id", value: "SOURCE", "field of a saga's id: data.orderId; repeatable") {
      $0.overrides.ids.append($1)
    },
    Option("type", value: "SOURCE", "field of an event's type: header:eventType") {
      $0.overrides.type = $1
    },
    Option("topics", value: "LIST", "topics to read: names or patterns, comma-separated") {
      $0.overrides.topics += $1.split(separator: ",").map(String.init)
    },
    Option("server", value: "URL", "base URL for paths of documents and services") {
      $0.overrides.server = $1
    },
    Option("since", value: "AGE", "how far back to read, such as 15m, or all") {
      (invocation, text) throws(UsageError) in
      invocation.overrides.since = try OptionValue.since(text)
    },
    Option("read-only", "disable all actions that change the system") { invocation, _ in
      invocation.overrides.isReadOnly = true
    },
  ])

  /// Adds the options to every command that reads a system.
  private static func watching(_ options: [Option]) -> [Option] {
    options.map { option in
      var option = option
      let isOfPlace = ["config", "context", "since"].contains(option.long)
      option.commands = [
        .runs, .live, .snapshot, .why, .report, .ready, .initialize, .retry, .compensate, .act, .doctor, .record,
        .replay, .aggregate, .config,
      ]
      if isOfPlace { option.commands.insert(.actions) }
      return option
    }
  }

  /// Options of the live screen also apply to replay.
  private static func replayed(_ options: [Option]) -> [Option] {
    options.map { option in
      var option = option
      if option.commands.contains(.live) { option.commands.formUnion([.replay, .config]) }
      return option
    }
  }

  private static let screen: [Option] = [
    Option("theme", value: "NAME", "colours of the screen") { $0.overrides.theme = $1 },
    Option("ascii", "draw with ASCII characters only") { invocation, _ in invocation.overrides.isASCII = true },
    Option("no-color", "no colours") { invocation, _ in invocation.overrides.hasColor = false },
    Option("no-mouse", "do not use the mouse", commands: [.live]) { invocation, _ in
      invocation.overrides.hasMouse = false
    },
    Option("log", value: "FILE", "log file for library messages (default: none)") { $0.overrides.log = $1 },
  ]

  private static let looking: [Option] = [
    Option(
      "document", value: "PATH", "HTTP path with a list of events; repeatable", commands: [.initialize]
    ) { $0.overrides.documents.append($1) },
    Option("for", value: "TIME", "how long to read", commands: [.initialize, .record]) {
      (invocation, text) throws(UsageError) in
      invocation.duration = try OptionValue.duration(text, of: "--for")
    },
  ]

  private static let general: [Option] = [
    Option("origin", "with show: print the origin of each value", commands: [.config]) { invocation, _ in
      invocation.showsOrigins = true
    },
    Option("topic", value: "TOPIC", "explain how its latest message is decoded", commands: [.doctor]) {
      $0.explainedTopic = $1
    },
    Option("help", short: "h", "print this help", commands: Set(Invocation.Command.allCases)) { invocation, _ in
      invocation.topic = invocation.command
      invocation.command = .help
    },
    Option("version", short: "V", "print the version", commands: Set(Invocation.Command.allCases)) { invocation, _ in
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
}
