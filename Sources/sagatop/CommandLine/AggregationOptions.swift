/// Options of `aggregate` and `--from-state`.
struct AggregationOptions: Sendable {
  static let intervals: ClosedRange<Duration> = .milliseconds(200)...(.seconds(300))

  var group: String?
  var topic: String?
  /// Number of partitions if the topic is created.
  var partitions: Int32?
  /// The interval in which the state of a changing saga is published.
  var interval = Duration.seconds(5)
  /// Retention of a created topic: how long a saga is kept after its last event.
  var retention = Duration.seconds(7 * 24 * 3600)

  static let all: [Option] = [
    Option("from-state", value: "TOPIC", "read the state that `sagatop aggregate` writes") {
      $0.overrides.stateTopic = $1
    },
    Option("state", value: "DIR", "store what was read, and continue there next time") {
      (invocation, text) throws(UsageError) in
      if text.isEmpty { throw UsageError(message: "--state: expected the name of a folder") }
      invocation.overrides.stateFolder = text
    },
    Option("group", value: "NAME", "the consumer group of its instances", commands: [.aggregate]) {
      $0.aggregation.group = $1
    },
    Option("topic", value: "NAME", "the compacted topic for the state", commands: [.aggregate]) {
      $0.aggregation.topic = $1
    },
    Option("every", value: "TIME", "interval between writes (default 5s)", commands: [.aggregate]) {
      (invocation, text) throws(UsageError) in
      let interval = try OptionValue.duration(text, of: "--every")
      guard intervals.contains(interval) else {
        throw UsageError(message: "--every: expected 200ms to 5m, found `\(text)`")
      }
      invocation.aggregation.interval = interval
    },
    Option("create", value: "N", "create the topic with N partitions if it is missing", commands: [.aggregate]) {
      (invocation, text) throws(UsageError) in
      guard let count = Int32(text), (1...1000).contains(count) else {
        throw UsageError(message: "--create: expected a number of partitions from 1 to 1000, found `\(text)`")
      }
      invocation.aggregation.partitions = count
    },
    Option("keep", value: "TIME", "with --create: retention of a saga (default 7d)", commands: [.aggregate]) {
      (invocation, text) throws(UsageError) in
      let retention = try OptionValue.duration(text, of: "--keep")
      guard retention >= .seconds(60) else { throw UsageError(message: "--keep: expected 1m or more, found `\(text)`") }
      invocation.aggregation.retention = retention
    },
  ]

  func check(_ invocation: Invocation) throws(UsageError) {
    if invocation.overrides.stateTopic != nil, !invocation.recording.files.isEmpty {
      throw UsageError(message: "--from-state and --from cannot be combined")
    }
    if invocation.overrides.stateTopic != nil, invocation.overrides.stateFolder != nil {
      throw UsageError(message: "--from-state and --state cannot be combined")
    }
    guard invocation.command == .aggregate else { return }
    if group?.isEmpty ?? true { throw UsageError(message: "aggregate: expected --group NAME") }
    if topic?.isEmpty ?? true { throw UsageError(message: "aggregate: expected --topic NAME") }
  }
}
