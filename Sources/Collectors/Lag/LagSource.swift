import Clients
import Core
import Synchronization
import Text

/// Polls the consumer groups of one Kafka cluster. It joins no group and commits nothing.
package final class LagSource: Source {
  package static let kind = SourceKind.lag

  private let settings: LagSettings
  private let symbols: SymbolTable
  private let sink: any ObservationSink
  private let now: @Sendable () -> Timestamp
  private let bell = WakeUp()
  private let thread = WorkerThread()
  private let isStopping = Atomic(false)

  /// `now` is the clock for the samples and the status.
  package init(
    _ settings: LagSettings, symbols: SymbolTable, sink: any ObservationSink,
    now: @escaping @Sendable () -> Timestamp = SystemClock.now
  ) {
    self.settings = settings
    self.symbols = symbols
    self.sink = sink
    self.now = now
  }

  /// Starts polling on a new thread and returns immediately. Later errors are reported in the status.
  package func start() {
    sink.accept(SourceStatus(.lag))
    guard let bell else { return fail("the system has no descriptors left") }
    if !thread.start({ [self] in run(bell) }) { fail("the system gives no thread to look at consumer groups with") }
  }

  /// Stops polling and waits at most one second. Calls that still block in librdkafka are abandoned.
  package func stop() {
    isStopping.store(true, ordering: .relaxed)
    bell?.ring()
    thread.join(patience: .seconds(1))
  }

  private func fail(_ reason: String) {
    var status = SourceStatus(.lag, phase: .down)
    status.error = reason
    sink.accept(status)
  }

  private func run(_ bell: WakeUp) {
    let isStopping: @Sendable () -> Bool = { [self] in self.isStopping.load(ordering: .relaxed) }
    do throws(KafkaError) {
      let reader = try LagReader(settings, symbols: symbols, bell: bell, now: now, isStopping: isStopping)
      var status = LagStatus(settings)
      while !isStopping() {
        let start = ContinuousClock.now
        let result = reader.read()
        if isStopping() { return }
        let pause = status.take(result, notes: reader.notes, complaint: reader.takeComplaint(), at: now())
        if case .success(let round) = result { sink.accept(round.reading) }
        sink.accept(status.current)
        while !isStopping(), .now < start + pause { bell.wait(until: start + pause) }
      }
    } catch {
      fail(error.description)
    }
  }
}

/// Which consumer groups are polled, and how often.
package struct LagSettings: Sendable {
  /// Cluster access, and the topics that are shown even if no group reads them.
  package var kafka: KafkaSettings
  /// Select groups from the broker's list.
  package var patterns: [NamePattern]
  /// Groups that are requested even if the broker lists none.
  package var groups: [String]
  /// From the start of one round to the start of the next; longer if rounds take long.
  package var interval: Duration
  /// Maximum duration of a round. Values that have not arrived by then are unknown.
  package var deadline: Duration
  /// If a group coordinator does not respond for this time, another one is searched for.
  package var patience: Duration

  package static let interval = Duration.seconds(2)

  /// Groups that a pattern names exactly are always requested.
  package init(
    kafka: KafkaSettings, patterns: [NamePattern], groups: [String] = [], interval: Duration = Self.interval,
    deadline: Duration = .milliseconds(1500), patience: Duration = .seconds(15)
  ) {
    self.kafka = kafka
    self.patterns = patterns
    self.groups = groups + patterns.compactMap(\.exactName)
    self.interval = interval
    self.deadline = deadline
    self.patience = patience
  }
}
