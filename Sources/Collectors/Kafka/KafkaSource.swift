import Clients
import Core
import Synchronization

/// Reads the topics of one Kafka cluster and passes their messages to the sink as events. It assigns partitions itself: it joins no
/// consumer group and commits nothing.
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

  /// `registry` must be started. `now` is the clock for `since`, for implausible timestamps and for the status.
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

  /// Checks whether a client can be created with the settings, without connecting.
  package static func check(_ settings: KafkaSettings) throws(KafkaError) {
    _ = try KafkaClient(settings.access)
  }

  /// Starts reading on a separate thread and returns at once. Later errors are reported as a status.
  package func start() {
    var status = SourceStatus(.kafka)
    sink.accept(status)
    if !thread.start({ [self] in run() }) {
      status.phase = .down
      status.error = "the system gives no thread to read Kafka with"
      sink.accept(status)
    }
  }

  /// Stops reading and waits for it, at most one second: librdkafka waits longer for a silent broker, and forever after a topic that it
  /// read was deleted. A thread that has not ended by then is abandoned.
  package func stop() {
    isStopping.store(true, ordering: .relaxed)
    thread.join(patience: .seconds(1))
  }

  /// Stops reading older events; the part that was read counts as the complete window.
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
