import Clients
import Core
import Synchronization

/// Follows the topics of one Kafka cluster and hands their messages over as events. It reads with an assignment of its own: it joins
/// no group and commits nothing.
package final class KafkaSource: Source {
  package static let kind = SourceKind.kafka

  private let settings: KafkaSettings
  private let fields: CompiledFields
  private let symbols: SymbolTable
  private let sink: any ObservationSink
  private let registry: SchemaRegistry?
  private let session: Session?
  private let now: @Sendable () -> Timestamp
  private let thread = WorkerThread()
  private let isStopping = Atomic(false)
  private let mustStopHistory = Atomic(false)

  /// `registry` is one that was started. `now` is the clock for `since`, for times that are not believed and for the status.
  package init(
    _ settings: KafkaSettings, system: SystemDefinition, symbols: SymbolTable, registry: SchemaRegistry? = nil,
    session: Session? = nil, sink: any ObservationSink, now: @escaping @Sendable () -> Timestamp = SystemClock.now
  ) {
    self.settings = settings
    fields = CompiledFields(system, symbols: symbols)
    self.symbols = symbols
    self.sink = sink
    self.registry = registry
    self.session = session
    self.now = now
  }

  /// Finds out whether the settings make a client at all, without connecting.
  package static func check(_ settings: KafkaSettings) throws(KafkaError) {
    _ = try KafkaClient(settings.access)
  }

  /// Begins to read on a thread of its own and returns at once. Everything that goes wrong from here on becomes a status.
  package func start() {
    var status = SourceStatus(.kafka)
    sink.accept(status)
    if !thread.start({ [self] in run() }) {
      status.phase = .down
      status.error = "the system gives no thread to read Kafka with"
      sink.accept(status)
    }
  }

  /// Ends reading and waits for it, a second at most: librdkafka waits longer for a broker that has gone silent, and for ever after
  /// some topic that it read was deleted. What does not end by then is left behind.
  package func stop() {
    isStopping.store(true, ordering: .relaxed)
    thread.join(patience: .seconds(1))
  }

  /// Ends the reading of older events; what was read of them is all that is wanted.
  package func stopHistory() { mustStopHistory.store(true, ordering: .relaxed) }

  private func run() {
    do {
      let reader = try KafkaReader(
        settings, fields: fields, symbols: symbols, registry: registry, session: session, sink: sink,
        now: now)
      while !isStopping.load(ordering: .relaxed) {
        if mustStopHistory.exchange(false, ordering: .relaxed) { reader.stopHistory(isByOperator: true) }
        reader.step()
      }
      reader.end()
    } catch {
      var status = SourceStatus(.kafka, phase: .down)
      status.error = error.description
      sink.accept(status)
    }
  }
}
