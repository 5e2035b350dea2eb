import Clients
import Collectors
import Configuration
import Core
import Text

/// `sagatop aggregate`: one of several instances that share the topics of a system.
struct AggregateCommand {
  /// Time limit for publishing and committing the processed messages and for leaving the group.
  private static let grace = Duration.seconds(20)
  private static let reportInterval = Duration.seconds(60)

  private let settings: Settings
  private let options: AggregationOptions
  private let interrupts: Interrupts

  init(invocation: Invocation, settings: Settings) throws {
    guard settings.origin != .none, !settings.kafka.brokers.isEmpty else {
      throw CommandFailure(
        "aggregate: needs brokers and a description of the sagas: --preset NAME, or a configuration",
        code: ExitCode.configuration)
    }
    self.settings = settings
    options = invocation.aggregation
    interrupts = try Interrupts()
  }

  func run() throws -> Int32 {
    let plan = Aggregator.Plan(
      group: options.group ?? "", topic: options.topic ?? "", interval: options.interval,
      createdPartitions: options.partitions, retention: options.retention)
    let kafka = try Monitor.kafka(settings)
    let aggregator: Aggregator
    do throws(KafkaError) {
      aggregator = try Aggregator(kafka, system: settings.system, plan)
      try aggregator.prepare()
    } catch {
      throw CommandFailure(settings.secrets.mask(error.description), code: ExitCode.configuration)
    }
    interrupts.endProgram(within: Self.grace)
    var reportAt = SystemClock.now() + Self.reportInterval
    while interrupts.taken == nil {
      if let failure = aggregator.step() {
        throw CommandFailure(settings.secrets.mask(failure), code: ExitCode.inputOutput)
      }
      for message in aggregator.takeMessages() { Output.complain(settings.secrets.mask(message)) }
      guard SystemClock.now() >= reportAt else { continue }
      reportAt = SystemClock.now() + Self.reportInterval
      Output.complain(aggregator.summary)
    }
    aggregator.finish()
    for message in aggregator.takeMessages() { Output.complain(settings.secrets.mask(message)) }
    Output.complain(aggregator.summary)
    return ExitCode.fine
  }
}
