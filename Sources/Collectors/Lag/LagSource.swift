import Clients
import Core
import Synchronization
import Text

/// Looks at the consumer groups of one Kafka cluster again and again. It joins no group and commits nothing.
package final class LagSource: Source {
  package static let kind = SourceKind.lag

  private let settings: LagSettings
  private let symbols: SymbolTable
  private let sink: any ObservationSink
  private let now: @Sendable () -> Timestamp
  private let bell = WakeUp()
  private let thread = WorkerThread()
  private let isStopping = Atomic(false)

  /// `now` is the clock of the readings and of the status.
  package init(
    _ settings: LagSettings, symbols: SymbolTable, sink: any ObservationSink,
    now: @escaping @Sendable () -> Timestamp = SystemClock.now
  ) {
    self.settings = settings
    self.symbols = symbols
    self.sink = sink
    self.now = now
  }

  /// Begins to read on a thread of its own and returns at once. Everything that goes wrong from here on becomes a status.
  package func start() {
    sink.accept(SourceStatus(.lag))
    guard let bell else { return fail("the system has no descriptors left") }
    if !thread.start({ [self] in run(bell) }) { fail("the system gives no thread to look at consumer groups with") }
  }

  /// Ends reading and waits for it, a second at most: what librdkafka still holds by then is left behind.
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

/// Which consumer groups are looked at, and how often.
package struct LagSettings: Sendable {
  /// Where, and the topics that are shown whether a group reads them or not.
  package var kafka: KafkaSettings
  /// Which of the groups that the broker lists.
  package var patterns: [NamePattern]
  /// Groups that are asked for even where the broker lists none.
  package var groups: [String]
  /// Between the beginnings of two rounds; longer when rounds take long.
  package var interval: Duration
  /// No round takes longer; what has not come by then is not known.
  package var deadline: Duration
  /// After this long without an answer from a group's coordinator, another is looked for.
  package var patience: Duration

  package static let interval = Duration.seconds(2)

  /// Groups that are named exactly by a pattern are asked for in any case.
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
