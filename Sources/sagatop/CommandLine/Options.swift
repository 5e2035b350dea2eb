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
    Option("preset", value: "NAME", "what the topics mean: shipped, a file, or none") {
      $0.overrides.preset = $1
    },
    Option("brokers", value: "LIST", "Kafka brokers, host:port, separated by commas") { $0.overrides.brokers = $1 },
    Option("redis", value: "URL", "Redis servers whose locks are watched") {
      $0.overrides.redis = $1
    },
    Option("schema-registry", value: "URL", "where the schemas of Avro and Protobuf are") {
      $0.overrides.schemaRegistry = $1
    },
    Option("service", value: "NAME=URL", "where a service tells its health; repeatable") {
      (invocation, text) throws(UsageError) in
      invocation.overrides.services.append(try service(text))
    },
    Option("id", value: "SOURCE", "where a saga's id lies: data.orderId; repeatable") {
      $0.overrides.ids.append($1)
    },
    Option("type", value: "SOURCE", "where an event's type lies: header:eventType") {
      $0.overrides.type = $1
    },
    Option("topics", value: "LIST", "topics to read: names or patterns, by commas") {
      $0.overrides.topics += $1.split(separator: ",").map(String.init)
    },
    Option("server", value: "URL", "where paths of documents and services start") {
      $0.overrides.server = $1
    },
    Option("since", value: "AGE", "how far back to read, such as 15m, or all") {
      (invocation, text) throws(UsageError) in
      invocation.overrides.since = try OptionValue.since(text)
    },
    Option("read-only", "nothing that changes the system is possible") { invocation, _ in
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
    Option("no-mouse", "leave the mouse to the terminal", commands: [.live]) { invocation, _ in
      invocation.overrides.hasMouse = false
    },
    Option("log", value: "FILE", "where libraries' messages go (default: nowhere)") { $0.overrides.log = $1 },
  ]

  private static let looking: [Option] = [
    Option(
      "document", value: "PATH", "a list of events over HTTP to look at; repeatable", commands: [.initialize]
    ) { $0.overrides.documents.append($1) },
    Option("for", value: "TIME", "how long to look", commands: [.initialize, .record]) {
      (invocation, text) throws(UsageError) in
      invocation.duration = try OptionValue.duration(text, of: "--for")
    },
  ]

  private static let general: [Option] = [
    Option("origin", "with show: where each value comes from", commands: [.config]) { invocation, _ in
      invocation.showsOrigins = true
    },
    Option("topic", value: "TOPIC", "explain how its latest message is read", commands: [.doctor]) {
      $0.explainedTopic = $1
    },
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
}
